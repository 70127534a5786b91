import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Core } from '@strapi/strapi';

type Secrets = Record<string, string>;

/** True when the receiver has the secret of this key. */
export async function receiverKnows(strapi: Core.Strapi, kid: string): Promise<boolean> {
  return kid in (await read(fileOf(strapi)));
}

/** Tells the receiver a secret, beside those that it knows already: it may serve several databases. */
export async function tellReceiver(
  strapi: Core.Strapi,
  key: { kid: string; secret: string },
): Promise<void> {
  const file = fileOf(strapi);
  const secrets = { ...(await read(file)), [key.kid]: key.secret };
  await mkdir(path.dirname(file), { recursive: true });
  // Put in place in one step: the receiver may read it at any moment.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ secrets }, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

function fileOf(strapi: Core.Strapi): string {
  return (
    process.env.RECEIVER_SECRETS_FILE ?? path.join(strapi.dirs.app.root, '.tmp', 'receiver.json')
  );
}

async function read(file: string): Promise<Secrets> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as { secrets: Secrets }).secrets;
  } catch {
    // Not there yet, or spoilt: either way no secret in it is known.
    return {};
  }
}
