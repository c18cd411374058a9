const { Writable } = require("stream");

const [stdin, stdout, stderr, launcher] = [0, 1, 2, 3];
const [runtime, cache] = process.argv.slice(2);

// The runtime speaks with its client on descriptor 3, both ways. Here the client is at the standard input and output.
const { readSync, writeSync } = fs;
fs.readSync = (descriptor, ...rest) => readSync(descriptor === 3 ? stdin : descriptor, ...rest);
fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === 3 ? stdout : descriptor, ...rest);

// What programs print, the client expects in the error output, each chunk as a line of JSON.
let printed = false;
for (const tag of ["stdout", "stderr"]) {
  const value = new Writable({
    write(chunk, encoding, done) {
      printed = true;
      writeSync(stderr, `${JSON.stringify({ [tag]: chunk.toString("base64") })}\n`);
      done();
    },
  });
  Object.defineProperty(process, tag, { configurable: true, enumerable: true, value });
}

// CDKTF captures the stack at each token, to show it in an error about the token: whole, on an object that is no error.
const { captureStackTrace } = Error;
Error.captureStackTrace = (object, ...rest) => {
  if (object instanceof Error) captureStackTrace(object, ...rest);
};

// The runtime inspects the type of each value that it passes, for the message of an error that hardly ever comes.
require("util").inspect.defaultOptions = { depth: -1 };

// The launcher is told the version of Node.js first, and the exit code last. The client of jsii reports an abnormal exit
// if the error output, which this process holds, ends before the launcher: so wait until it has gone. The client stops
// reading then, and gets a moment for what was printed.
writeSync(launcher, `${process.version}\n`);
process.once("exit", (code) => {
  if (printed) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  try {
    writeSync(launcher, Buffer.from([code]));
    readSync(launcher, Buffer.alloc(1));
  } catch {}
});

const source = fs.readFileSync(runtime);
const name = cache && path.join(cache, `jsii-runtime-${digest(source).toString("hex")}`);
compiled(runtime, source, name).call(exports, exports, require, module, runtime, path.dirname(runtime));
