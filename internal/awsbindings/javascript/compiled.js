const fs = require("fs");
const path = require("path");
const { createHash } = require("crypto");
const { Script } = require("vm");
const { wrap } = require("module");

const digest = (data) => createHash("sha256").update(data).digest();

// compiled returns the function that a script is to Node.js. What V8 has compiled in one run is kept for the next one in
// files whose names begin with the given one, as in the compile cache of Node.js, which cannot know these scripts again:
// jsii puts them into a new directory each time. V8 makes sure that the code fits the script and V8 itself, and the
// digest that it is whole. It is trusted as the script is: who can write there can write the packages there, too.
function compiled(filename, source, name) {
  const kept = name && `${name}.${process.version}-${process.arch}`;
  let cachedData;
  try {
    const content = fs.readFileSync(kept);
    const code = content.subarray(32);
    cachedData = digest(code).equals(content.subarray(0, 32)) ? code : undefined;
  } catch {}
  const script = new Script(wrap(source.toString()), { filename, cachedData });
  if (kept && (!cachedData || script.cachedDataRejected)) {
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

