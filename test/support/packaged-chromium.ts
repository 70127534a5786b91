import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './application';

const CACHE = path.join(REPOSITORY, 'node_modules', '.cache', 'newswire');
const UNPACKED = path.join(CACHE, 'chromium');

const FONTS_FILE = path.join(CACHE, 'fonts.conf');

export interface Chromium {
  executablePath: string;
  env: Record<string, string>;
}

/**
 * The Chromium inside the npm package @sparticuz/chromium, unpacked once per installation. The package is made for
 * one host and unpacks libraries that Chromium needs only when it believes to be there; a machine without any
 * browser lacks them too.
 */
export async function packagedChromium(): Promise<Chromium> {
  if (!existsSync(UNPACKED)) await unpack();
  writeFileSync(FONTS_FILE, fontsConfiguration());
  return {
    executablePath: path.join(UNPACKED, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(UNPACKED, 'al2023', 'lib'),
      FONTCONFIG_FILE: FONTS_FILE,
    },
  };
}

async function unpack(): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(path.join(CACHE, 'unpacking-'));
  const before = { ...process.env };
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    for (const name of Object.keys(process.env)) {
      if (!(name in before)) delete process.env[name];
    }
    Object.assign(process.env, before);
  }
  // Under its final name only once it is whole: a run may be stopped half-way.
  renameSync(folder, UNPACKED);
}

/** The package's own names folders of its host. Without any font Chromium ends itself as soon as a page has text. */
function fontsConfiguration(): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(UNPACKED, 'fonts')}</dir>
  <cachedir>${path.join(CACHE, 'fonts')}</cachedir>
</fontconfig>
`;
}
