import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const random = () => randomBytes(24).toString('base64url');

const SECRETS = {
  APP_KEYS: () => `${random()},${random()}`,
  ADMIN_JWT_SECRET: random,
  API_TOKEN_SALT: random,
  TRANSFER_TOKEN_SALT: random,
  JWT_SECRET: random,
  ENCRYPTION_KEY: random,
};

/**
 * Strapi's secrets, made on the first start and kept: with another encryption key the secrets of the
 * subscriptions in the database could not be read any more.
 *
 * @param {string} file
 * @returns {Promise<Record<string, string>>} by environment variable
 */
export async function ensureSecrets(file) {
  const kept = await read(file);
  const missing = Object.keys(SECRETS).filter((name) => !kept[name]);
  if (missing.length === 0) {
    return kept;
  }
  const made = Object.fromEntries(missing.map((name) => [name, SECRETS[name]()]));
  const secrets = { ...kept, ...made };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

async function read(file) {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is no JSON. Delete it and start with --fresh.`, { cause });
  }
}
