import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/** One import of one source file; worker entries by `new URL('./x.js', import.meta.url)` count too. */
export interface Import {
  /** path of the importing file, relative to src, with `/` */
  readonly from: string;
  /** path relative to src without extension for a relative import, else the package or `node:` name */
  readonly to: string;
  readonly relative: boolean;
}

export interface SourceFile {
  readonly path: string;
  /** without comments */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript file under `src`, without the AssemblyScript kernels. */
export function readSources(src: string): SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes(join('kernels', 'assembly')))
    .map((name) => {
      const path = relative(src, join(src, name)).split(sep).join('/');
      const code = withoutComments(readFileSync(join(src, name), 'utf8'));
      return { path, code, imports: importsOf(path, code) };
    });
}

/** The room a path relative to src belongs to: its first folder, or the file's own name at the top. */
export function roomOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.[jt]s$/, '');
}

/** Blanks comments and keeps strings, so that a `//` inside a string ends nothing. */
export function withoutComments(source: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
  return source.replace(token, (text) => (text.startsWith('/') ? ' ' : text));
}

export function importsOf(path: string, code: string): Import[] {
  const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(?:'([^'\n]+)'|"([^"\n]+)")/g;
  const imports: Import[] = [];
  for (const match of code.matchAll(specifier)) {
    const text = match[1] ?? match[2] ?? '';
    const isRelative = text.startsWith('.');
    // Of the URLs only modules count, not folders and other files.
    if (match[0].startsWith('new URL') && !(isRelative && /\.[jt]s$/.test(text))) continue;
    const to = isRelative
      ? posix.normalize(posix.join(dirname(path), text)).replace(/\.[jt]s$/, '')
      : text;
    imports.push({ from: path, to, relative: isRelative });
  }
  return imports;
}
