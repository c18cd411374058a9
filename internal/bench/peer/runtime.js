"use strict";
const { App, TerraformStack, TerraformResource, TerraformOutput } = require("cdktf");
const { Construct } = require("constructs");
const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
const none = undefined;

// only returns the class of a submodule that makes a type of resource or data source.
function only(submodule, type) {
  return Object.values(submodule).find((exported) => exported && exported.tfResourceType === type);
}

/* imports */
// These arguments are maps, whose keys are the user's.
const maps = new Set(["tags", "dimensions"]);

// The bindings call this one otherwise, because equals has another meaning in Java.
const renamed = { equals: "equalTo" };

function camel(name) {
  return renamed[name] || name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

function props(value) {
  if (Array.isArray(value)) {
    return value.map(props);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const entries = Object.entries(value).map(([name, inner]) => [camel(name), maps.has(name) ? inner : props(inner)]);
  return Object.fromEntries(entries);
}

function add(stack, type, path, attributes) {
  const ids = path.split("/");
  let scope = stack;
  for (const id of ids.slice(0, -1)) {
    scope = scope.node.tryFindChild(id) || new Construct(scope, id);
  }
  const id = ids[ids.length - 1];
  const { depends_on: dependencies = [], ...rest } = attributes;
  if (type === none) {
    const data = new TerraformResource(scope, id, { terraformResourceType: "terraform_data" });
    Object.entries(rest).forEach(([name, value]) => data.addOverride(name, value));
    return;
  }
  new type(scope, id, { ...props(rest), dependsOn: dependencies.map((fqn) => ({ fqn })) });
}

const rest = /* rest */;

function build(app, name) {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, "aws", props(rest.provider.aws[0]));
/* resources */
  for (const [name, { value, description }] of Object.entries(rest.output)) {
    new TerraformOutput(stack, name, { value, description });
  }
  Object.entries(rest.terraform).forEach(([name, value]) => stack.addOverride(`terraform.${name}`, value));
}

const [copies, outdir, name] = process.argv.slice(2);
const app = new App({ outdir, stackTraces: false });
for (let copy = 1; copy <= copies; copy++) {
  build(app, copies === "1" ? name : `${name}${copy}`);
}
app.synth();
