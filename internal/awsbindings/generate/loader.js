const fs = require("fs");
const path = require("path");
const folder = path.join(__dirname, root);
const scripts = compiled(path.join(__dirname, "scripts.js"));
const started = {};

// compiled returns the scripts in a file. What V8 has compiled for one run stays beside the file for the next one, as in
// the compile cache of Node.js, which cannot know this file again: jsii links it into a new folder each time. V8 makes sure
// that the code fits the file and V8 itself, and the digest that it is whole. It is trusted as the scripts are: who can
// write beside them can write them.
function compiled(file) {
  const { createHash } = require("crypto");
  const { Script } = require("vm");
  const digest = (data) => createHash("sha256").update(data).digest();
  const kept = `${fs.realpathSync(file)}.${process.version}-${process.arch}`;
  let cachedData;
  try {
    const content = fs.readFileSync(kept);
    const code = content.subarray(32);
    cachedData = digest(code).equals(content.subarray(0, 32)) ? code : undefined;
  } catch {}
  const script = new Script(fs.readFileSync(file, "utf8"), { filename: file, cachedData });
  if (!cachedData || script.cachedDataRejected) {
    process.once("exit", () => {
      try {
        const code = script.createCachedData();
        fs.writeFileSync(`${kept}.${process.pid}`, Buffer.concat([digest(code), code]));
        fs.renameSync(`${kept}.${process.pid}`, kept);
      } catch {}
    });
  }
  return script.runInThisContext();
}

// run gives a script what Node.js gives it, on first use. What the bundle does not hold, Node.js finds.
function run(name, module) {
  if (started[name]) {
    return started[name].exports;
  }
  const filename = path.join(folder, name);
  started[name] = module = module || { id: filename, filename, exports: {} };
  const [links, script] = scripts[name];
  const link = (request) => (request in links ? run(links[request]) : require(request));
  link.main = require.main;
  link.resolve = require.resolve;
  link.cache = require.cache;
  module.require = link;
  try {
    script.call(module.exports, module.exports, link, module, filename, path.dirname(filename));
  } catch (fault) {
    delete started[name];
    throw fault;
  }
  module.loaded = true;
  return module.exports;
}

// A script that was started by its own path runs alone, as the main module that it expects to be.
const main = require.main ? path.relative(folder, require.main.filename).split(path.sep).join("/") : "";
module.exports = main in scripts && main !== entry ? run(main, require.main) : run(entry);
