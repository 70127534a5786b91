import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from './application';

export interface Tarball {
  file: string;
  /** Paths inside the package. */
  files: string[];
  size: number;
}

/** What `npm publish` would send, without sending it. */
export async function packPlugin(folder: string): Promise<Tarball> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: REPOSITORY },
  );
  const [packed] = JSON.parse(stdout) as {
    filename: string;
    size: number;
    files: { path: string }[];
  }[];
  if (!packed) throw new Error('npm pack has packed nothing');
  return {
    file: path.join(folder, packed.filename),
    files: packed.files.map((file) => file.path),
    size: packed.size,
  };
}
