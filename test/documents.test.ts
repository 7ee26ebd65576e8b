import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

interface Program {
  readonly title: string;
  readonly text: string;
  /** What it says it prints, if it says so. */
  readonly prints: string | undefined;
  readonly file: string;
}

/** The programs of a page: its blocks of JavaScript, and its diffs, which read as their right side. */
const programsOf = (page: string): Program[] =>
  [...textOf(page).matchAll(/^```(diff|js)\n([\s\S]*?)^```$/gm)].map((block, i) => {
    const text = block[1] === 'diff' ? block[2]!.replace(/^-.*\n/gm, '').replace(/^[+ ]/gm, '') : block[2]!;
    const prints = /^\/\/ prints:\n((?:\/\/ .*\n)+)/m.exec(text)?.[1]?.replace(/^\/\/ /gm, '');
    const heading = [
      ...textOf(page)
        .slice(0, block.index)
        .matchAll(/^#+ (.*)$/gm),
    ].at(-1)![1]!;
    const file = join(root, 'test', `.program-${basename(page, '.md')}-${i}.mjs`);
    return { title: `${page}, ${heading}`, text, prints, file };
  });

const programs = pages.flatMap(programsOf);
afterAll(() => programs.forEach(({ file }) => rmSync(file, { force: true })));

/** Programs of the pages stay open while their dashboard does; each of these ends by itself. */
test.each(programs)('the program of $title runs, and prints what it says', async ({ text, prints, file }) => {
  writeFileSync(file, text.replace('port: 6070', 'port: 0'));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: root });
  if (prints !== undefined) expect(stdout).toBe(prints);
});

test('the README has programs, the recipes are ten, and all of the latter say what they print', () => {
  expect(programsOf('README.md').length).toBeGreaterThan(2);
  const recipes = programsOf('docs/recipes.md');
  expect(recipes).toHaveLength(10);
  expect(recipes.filter(({ prints }) => prints === undefined)).toEqual([]);
});

test('the pictures of the README are there', () => {
  const pictures = [...textOf('README.md').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path!);
  expect(pictures.length).toBeGreaterThan(0);
  for (const path of pictures) expect(readFileSync(join(root, path)).subarray(1, 4).toString()).toBe('PNG');
});

test('links from page to page lead somewhere', () => {
  const links = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+\.md)(?:#([^)]+))?\)/g)].map(([, path, anchor]) => ({
      page,
      path: join(page, '..', path!),
      anchor,
    })),
  );
  expect(links.length).toBeGreaterThan(0);
  for (const { path, anchor } of links) {
    const headings = [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
      text!.toLowerCase().replaceAll(' ', '-'),
    );
    if (anchor) expect(headings).toContain(anchor);
  }
});
