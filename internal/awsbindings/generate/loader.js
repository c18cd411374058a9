const path = require("path");
const folder = path.join(__dirname, root);
const started = {};

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
