const fs = require("fs");
const path = require("path");
const { createHash } = require("crypto");
const { Script } = require("vm");
const { wrap } = require("module");

// compiled returns the function that the script in a file is to Node.js. What V8 has compiled in one run stays beside the
// file for the next one, as in the compile cache of Node.js, which cannot know this file again: jsii links it into a new
// directory each time. V8 makes sure that the code fits the file and V8 itself, and the digest that it is whole. It is
// trusted as the script is: who can write beside it can write it.
function compiled(file) {
  const digest = (data) => createHash("sha256").update(data).digest();
  const kept = `${fs.realpathSync(file)}.${process.version}-${process.arch}`;
  let cachedData;
  try {
    const content = fs.readFileSync(kept);
    const code = content.subarray(32);
    cachedData = digest(code).equals(content.subarray(0, 32)) ? code : undefined;
  } catch {}
  const script = new Script(wrap(fs.readFileSync(file, "utf8")), { filename: file, cachedData });
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

const bundle = path.join(__dirname, "bundle.js");
compiled(bundle).call(exports, exports, require, module, bundle, __dirname);
