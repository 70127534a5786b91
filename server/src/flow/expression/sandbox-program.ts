/**
 * What runs in the sandbox's process: the libraries and the expression in a context of its own, without `require`,
 * `process`, timers or the making of code from text, stopped by V8 when its time is up.
 *
 * V8 can stop loops, promises and regular expressions; it cannot stop what runs natively (`$pad` to 500 million
 * characters was seen to run for over a second), and an allocation beyond the heap ends the whole process. Both are why
 * this is a process, which can be killed and may die, and not a thread: a thread that ran out of memory took all of
 * Node.js with it.
 *
 * Plain CommonJS text, because a bundler would neither find nor keep a file that nothing imports.
 */
const IN_CONTEXT = String.raw`
const CACHED = 100;
const compiled = new Map();
function compile(key, make) {
  let made = compiled.get(key);
  if (made === undefined) {
    if (compiled.size >= CACHED) compiled.clear();
    made = make();
    compiled.set(key, made);
  }
  return made;
}
const LIMITS = { stack: 2000, sequence: 100000 };
const expression = (source) => compile('x' + source, () => jsonata(source, LIMITS));
const truth = jsonata('$boolean($value)');
const isFunction = (value) =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && (value._jsonata_lambda || value._jsonata_function));

// $base64encode and $base64decode ask for a browser's or Node's own functions.
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
globalThis.window = {
  btoa(text) {
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const [a, b, c] = [text.charCodeAt(i) & 255, text.charCodeAt(i + 1) & 255, text.charCodeAt(i + 2) & 255];
      out += DIGITS[a >> 2] + DIGITS[((a & 3) << 4) | (b >> 4)];
      out += i + 1 < text.length ? DIGITS[((b & 15) << 2) | (c >> 6)] : '=';
      out += i + 2 < text.length ? DIGITS[c & 63] : '=';
    }
    return out;
  },
  atob(text) {
    let out = '';
    let bits = 0;
    let held = 0;
    for (const digit of text) {
      const value = DIGITS.indexOf(digit === '-' ? '+' : digit === '_' ? '/' : digit);
      if (value < 0) continue;
      held = (held << 6) | value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        out += String.fromCharCode((held >> bits) & 255);
        held &= (1 << bits) - 1;
      }
    }
    return out;
  },
};

async function work({ kind, source, input }) {
  switch (kind) {
    case 'parse':
      try {
        jsonata(source, LIMITS);
        return null;
      } catch (error) {
        return { message: error.message, position: error.position ?? null };
      }
    case 'locate':
      return compile('p' + source, () => JSON.parse(source).map((path) => jsonpath.compile(path))).flatMap(
        (query) => query.query(JSON.parse(input)).nodes.map((node) => node.location),
      );
    case 'condition': {
      const value = await expression(source).evaluate(JSON.parse(input));
      return (await truth.evaluate(null, { value })) === true;
    }
    case 'transform': {
      const value = await expression(source).evaluate(JSON.parse(input));
      if (value === undefined) throw new Error('it gives nothing for this event');
      if (isFunction(value)) throw new Error('it gives a function, which is no JSON');
      return value;
    }
  }
}

globalThis.run = () => {
  const job = JSON.parse(globalThis.job);
  const done = (answer) => void (globalThis.answer = JSON.stringify(answer));
  const fail = (error) => {
    const message = String((error && error.message) || error).slice(0, 400);
    const at = error && typeof error.position === 'number' ? ' (at position ' + error.position + ')' : '';
    done({ kind: 'refused', reason: message + at });
  };
  work(job).then((value) => {
    const json = JSON.stringify(value, (_, member) => (isFunction(member) ? undefined : member));
    if (json.length > job.maxOutput) throw new Error('it gives ' + json.length + ' characters; ' + job.maxOutput + ' are allowed');
    done({ kind: 'value', json });
  }).catch(fail);
};
`;

export const SANDBOX_PROGRAM = `
const vm = require('node:vm');
const fs = require('node:fs');
const run = new vm.Script('run()');
let texts;
let context;

function makeContext() {
  context = vm.createContext(
    {},
    { microtaskMode: 'afterEvaluate', codeGeneration: { strings: false, wasm: false } },
  );
  for (const text of texts) vm.runInContext(text, context);
}

function evaluate(job) {
  const its = context;
  its.job = JSON.stringify(job);
  its.answer = '';
  try {
    run.runInContext(its, { timeout: job.timeBoxMs });
    return its.answer ? JSON.parse(its.answer) : { kind: 'refused', reason: 'it waits for something that never comes' };
  } catch (error) {
    // What was interrupted may have left work behind.
    makeContext();
    if (error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { kind: 'timed_out' };
    return { kind: 'refused', reason: String(error).slice(0, 400) };
  }
}

process.on('message', (message) => {
  if (message.libraries) {
    const { jsonata, jsonpath, program } = message.libraries;
    texts = [
      fs.readFileSync(jsonata, 'utf8'),
      '(function (exports) {' + fs.readFileSync(jsonpath, 'utf8') + '\\n})(globalThis.jsonpath = {});',
      program,
    ];
    makeContext();
    process.send({ ready: true });
    return;
  }
  process.send(evaluate(message));
});
// The terminal's Ctrl-C goes to all processes; this one ends with the one that it works for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
`;

/** The part that is run inside of the context. */
export const CONTEXT_PROGRAM = IN_CONTEXT;
