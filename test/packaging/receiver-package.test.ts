/** `strapi-plugin-newswire/receiver` in a project that knows no Strapi: by require, by import, and with its types. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/application';
import { packPlugin } from '../support/tarball';
import {
  EVENT,
  keysOf,
  makeProducer,
  NOW,
  SECRET,
  signedRequest,
} from '../unit/receiver/signed-request';

const NAME = 'strapi-plugin-newswire';

/** The body of a program that verifies what it is given, in either module system. */
const PROGRAM = `
const { secret, jwks, request, now } = JSON.parse(process.argv[2]);
const receiver = createReceiver({
  secrets: [secret], jwks, dedupe: memoryDedupe(), now: () => new Date(now),
});
const take = () => receiver.process(request, () => undefined);
take()
  .then(async (first) => [first, await take(), await receiver.verify({ ...request, body: '{}' })])
  .then(([first, second, forged]) =>
    console.log(JSON.stringify([first.result, second.result, forged.code, first.message.kind])));
`;

const TYPED = `
import { createReceiver, memoryDedupe, redisDedupe, type Receiver } from '${NAME}/receiver';
const receiver: Receiver = createReceiver({
  secrets: async () => ({ key_1: 'x' }), jwks: 'https://cms.example.com/api/newswire/jwks.json',
  dedupe: redisDedupe(async (...words) => words.length),
});
export async function take(headers: Headers, body: Uint8Array): Promise<number> {
  const verdict = await receiver.verify({ headers, body });
  if (!verdict.ok) return verdict.status;
  if (verdict.kind === 'batch') return verdict.events.length + verdict.batchId.length;
  const type: string | undefined = verdict.events[0]?.event_type;
  const done = await receiver.process({ headers, body }, (message) => console.log(message.id, type));
  // @ts-expect-error a result has no such value
  if (done.result === 'lost') return 0;
  return done.status + (memoryDedupe({ maxEntries: 1 }) ? 1 : 0);
}
`;

describe('the receiver in a project of its own', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'newswire-receiver-'));
    const modules = path.join(folder, 'node_modules');
    mkdirSync(path.join(modules, NAME), { recursive: true });
    const { file } = await packPlugin(folder);
    const to = path.join(modules, NAME);
    await promisify(execFile)('tar', ['-xzf', file, '-C', to, '--strip-components=1']);
    // Its one dependency, and what a TypeScript project for Node.js has. No Strapi, no zod.
    for (const name of ['jose', '@types']) {
      symlinkSync(path.join(REPOSITORY, 'node_modules', name), path.join(modules, name));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const producer = makeProducer();
  const input = JSON.stringify({
    secret: SECRET,
    jwks: { keys: [producer.jwk] },
    request: signedRequest(keysOf({ producer })),
    now: NOW.toISOString(),
  });
  const run = (file: string, code: string): unknown => {
    writeFileSync(path.join(folder, file), code);
    const { stdout, stderr, status } = spawnSync(process.execPath, [file, input], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  const expected = ['processed', 'duplicate', 'signature_mismatch', 'event'];

  it('works by require, without a warning', () => {
    const head = `const { createReceiver, memoryDedupe } = require('${NAME}/receiver');`;
    expect(run('take.cjs', head + PROGRAM)).toEqual(expected);
  });

  it('works by import, without a warning', () => {
    const head = `import { createReceiver, memoryDedupe } from '${NAME}/receiver';`;
    expect(run('take.mjs', head + PROGRAM)).toEqual(expected);
    expect(EVENT.event_type).toBe('content.ready');
  });

  it.each([
    ['Node16', ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
    ['Bundler', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
    ['Node10', ts.ModuleKind.CommonJS, ts.ModuleResolutionKind.Node10],
  ])('has its types under module resolution %s', (_name, module, moduleResolution) => {
    const file = path.join(folder, 'take.ts');
    writeFileSync(file, TYPED);
    const program = ts.createProgram([file], {
      module,
      moduleResolution,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [path.join(folder, 'node_modules', '@types')],
      lib: ['lib.es2023.d.ts'],
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(problems).toEqual([]);
  });
});
