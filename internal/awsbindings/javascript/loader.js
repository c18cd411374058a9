const bundle = path.join(__dirname, "bundle.js");
compiled(bundle, fs.readFileSync(bundle), fs.realpathSync(bundle)).call(
  exports, exports, require, module, bundle, __dirname);
