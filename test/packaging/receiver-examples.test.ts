/** Runs the programs of docs/receivers.md, as they stand there, against its vectors and the ways to get them wrong. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/application';
import { waitFor } from '../support/wait-for';
import { EVENT, keysOf, SECRET, signedRequest } from '../unit/receiver/signed-request';

const DOCUMENT = readFileSync(path.join(REPOSITORY, 'docs', 'receivers.md'), 'utf8');
const README = readFileSync(path.join(REPOSITORY, 'README.md'), 'utf8');

/** The first block in a language that holds these words. */
function block(text: string, language: string, words = ''): string {
  const blocks = text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'));
  const found = [...blocks].map(([, code = '']) => code).find((code) => code.includes(words));
  if (!found) throw new Error(`There is no ${language} block with ${words}`);
  return found;
}

/** A cell of the table of vectors, without its code quotes. */
function vector(name: string): string {
  const row = DOCUMENT.split('\n').find(
    (line) => line.startsWith('|') && line.split('|')[1]?.replaceAll('`', '').trim() === name,
  );
  const cell = row?.split('|')[2]?.trim();
  if (!cell) throw new Error(`There is no vector ${name}`);
  return cell.replace(/^`|`$/g, '');
}

interface Case {
  headers: Record<string, string>;
  body: string;
  secret: string;
  now: number;
}

const right: Case = {
  headers: {
    'webhook-id': vector('webhook-id'),
    'webhook-timestamp': vector('webhook-timestamp'),
    'webhook-signature': vector('webhook-signature'),
  },
  body: vector('body'),
  secret: vector('secret'),
  now: Number(vector('webhook-timestamp')),
};

const signature = vector('webhook-signature');
const withHeader = (name: string, value: string) => ({
  ...right,
  headers: { ...right.headers, [name]: value },
});
const without = (name: string) => ({
  ...right,
  headers: Object.fromEntries(Object.entries(right.headers).filter(([header]) => header !== name)),
});

const CASES: [name: string, request: Case, accepted: boolean][] = [
  ['the vector', right, true],
  ['the vector, five minutes late', { ...right, now: right.now + 300 }, true],
  [
    'the right one behind a wrong one',
    withHeader('webhook-signature', `v1,AAAA ${signature}`),
    true,
  ],
  [
    'the right one behind another version',
    withHeader('webhook-signature', `v1a,AAAA ${signature}`),
    true,
  ],
  ['no id', without('webhook-id'), false],
  ['no timestamp', without('webhook-timestamp'), false],
  ['no signature', without('webhook-signature'), false],
  ['another id', withHeader('webhook-id', 'msg_other'), false],
  ['a timestamp that is no number', withHeader('webhook-timestamp', 'yesterday'), false],
  ['a timestamp too old', { ...right, now: right.now + 301 }, false],
  ['a timestamp too new', { ...right, now: right.now - 301 }, false],
  ['an empty secret', { ...right, secret: '' }, false],
  ['a secret of nothing but its prefix', { ...right, secret: 'whsec_' }, false],
  ['an empty body', { ...right, body: '' }, false],
  ['v1, alone', withHeader('webhook-signature', 'v1,'), false],
  [
    'the beginning of the right signature',
    withHeader('webhook-signature', signature.slice(0, -5)),
    false,
  ],
  [
    'the right text under another version',
    withHeader('webhook-signature', signature.replace('v1,', 'v2,')),
    false,
  ],
  ['only wrong ones', withHeader('webhook-signature', 'v1,AAAA v1,BBBB'), false],
];

const NODE = `
import { verify } from './verify.mjs';
const cases = JSON.parse(process.argv[2]);
const verdicts = cases.map(({ headers, body, secret, now }) =>
  verify(headers, Buffer.from(body), secret, now * 1000));
console.log(JSON.stringify(verdicts));
`;

const PYTHON = `
import json, sys
from verify import verify
cases = json.loads(sys.argv[1])
print(json.dumps([verify(c["headers"], c["body"].encode(), c["secret"], c["now"]) for c in cases]))
`;

const PYTHON_COMMAND = 'python3';
const hasPython = spawnSync(PYTHON_COMMAND, ['--version']).status === 0;

describe('the examples for receivers', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'newswire-receivers-'));
    writeFileSync(path.join(folder, 'verify.mjs'), block(DOCUMENT, 'js', 'function verify'));
    writeFileSync(path.join(folder, 'receive.mjs'), block(DOCUMENT, 'js', '// receive.mjs'));
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(REPOSITORY, path.join(folder, 'node_modules', 'strapi-plugin-newswire'));
    writeFileSync(path.join(folder, 'run.mjs'), NODE);
    writeFileSync(path.join(folder, 'verify.py'), block(DOCUMENT, 'python'));
    writeFileSync(path.join(folder, 'run.py'), PYTHON);
    writeFileSync(
      path.join(folder, 'readme.mjs'),
      `${block(README, 'js')}\nconsole.log(isFromNewswire(...JSON.parse(process.argv[2])));`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (command: string, file: string, input: unknown): unknown => {
    const { stdout, stderr, status } = spawnSync(
      command,
      [path.join(folder, file), JSON.stringify(input)],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const requests = CASES.map(([, request]) => request);
  const expected = Object.fromEntries(CASES.map(([name, , accepted]) => [name, accepted]));
  const named = (verdicts: unknown) =>
    Object.fromEntries(CASES.map(([name], index) => [name, (verdicts as boolean[])[index]]));

  it('in Node.js accept the vector and refuse what they must', () => {
    expect(named(run(process.execPath, 'run.mjs', requests))).toEqual(expected);
  });

  it.skipIf(!hasPython)('in Python accept the vector and refuse what they must', () => {
    expect(named(run(PYTHON_COMMAND, 'run.py', requests))).toEqual(expected);
  });

  it("in the README check X-Signature, over the secret's text", () => {
    const check = (given: string, body = vector('body'), secret = vector('secret')) =>
      run(process.execPath, 'readme.mjs', [{ 'x-signature': given }, body, secret]);
    expect(check(vector('X-Signature'))).toBe(true);
    expect(check(vector('X-Signature'), 'another body')).toBe(false);
    expect(check(vector('X-Signature'), vector('body'), 'another secret')).toBe(false);
    expect(check('')).toBe(false);
    expect(check(vector('X-Signature').slice(0, -1))).toBe(false);
  });

  it('by the receiver of this package take an event once, and refuse a forged one', async () => {
    const child = spawn(process.execPath, ['receive.mjs'], {
      cwd: folder,
      env: { ...process.env, NEWSWIRE_KID: 'key_1', NEWSWIRE_SECRET: SECRET, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    try {
      await waitFor(() => printed.length > 0, 5_000, 'the port');
      const { headers, body } = signedRequest(keysOf({}), { now: new Date() });
      const post = async (sent: string | Buffer) =>
        (
          await fetch(`http://127.0.0.1:${printed[0]?.trim()}`, {
            method: 'POST',
            headers,
            body: sent,
          })
        ).status;
      expect([await post(body), await post(body), await post('{}')]).toEqual([204, 204, 401]);
      expect(printed.join('').split(EVENT.event_id)).toHaveLength(2);
      expect(printed.join('')).toContain('signature_mismatch');
    } finally {
      child.kill();
      await new Promise((resolve) => child.once('exit', resolve));
    }
  });
});
