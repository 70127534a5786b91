import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../config/options';
import { REPOSITORY } from '../support/application';

const README = readFileSync(path.join(REPOSITORY, 'README.md'), 'utf8');

/** Rows `| option | default | … |` of the section on configuration. */
function documentedDefaults(): Record<string, string> {
  const [, section = ''] = /\n## Configuration\n(.*?)\n## /s.exec(README) ?? [];
  const rows = section.matchAll(/^\| `([\w.]+)` *\| `([^`]+)` *\|/gm);
  return Object.fromEntries([...rows].map(([, option = '', value = '']) => [option, value]));
}

/** An option, or those within it, by their whole names; a list or an empty record is an option itself. */
function leavesOf(name: string, value: unknown): [string, unknown][] {
  const within =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : [];
  return within.length > 0
    ? within.flatMap(([inner, leaf]) => leavesOf(`${name}.${inner}`, leaf))
    : [[name, value]];
}

/** The defaults as the README writes them. Presets are objects with functions: only that there are some is compared. */
function realDefaults(): Record<string, string> {
  const { presets, ...options } = parseOptions({});
  const flat = Object.entries(options).flatMap(([name, value]) => leavesOf(name, value));
  const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    presets: `[${presets.map((preset) => `${preset.name}()`).join(', ')}]`,
    ...Object.fromEntries(flat.map(([name, value]) => [name, written(value)])),
  };
}

describe('the README', () => {
  it('names every option with its default', () => {
    expect(documentedDefaults()).toEqual(realDefaults());
  });

  it('refers to files that are there', () => {
    const links = [...README.matchAll(/\]\(((?!https?:|#)[^)]+)\)/g)].map(([, file = '']) => file);
    expect(links.length).toBeGreaterThan(5);
    expect(
      links.filter((link) => !existsSync(path.join(REPOSITORY, link.replace(/#.*$/, '')))),
    ).toEqual([]);
  });
});
