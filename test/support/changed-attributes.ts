import { cpSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './application';

/**
 * Gives a content type of the demo other attributes, as the content-type builder would leave them: `startStrapi({ prepare:
 * changedAttributes('person', (attributes) => { … }) })`. The application gets code of its own for it.
 */
export function changedAttributes(
  name: string,
  change: (attributes: Record<string, unknown>) => void,
): (appDir: string) => void {
  return (appDir) => {
    const code = path.join(appDir, 'dist', 'src');
    const original = realpathSync(code);
    rmSync(code);
    cpSync(original, code, { recursive: true });
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(appDir, 'node_modules'));
    const file = path.join(code, 'api', name, 'content-types', name, 'schema.json');
    const schema = JSON.parse(readFileSync(file, 'utf8')) as {
      attributes: Record<string, unknown>;
    };
    change(schema.attributes);
    writeFileSync(file, JSON.stringify(schema));
  };
}
