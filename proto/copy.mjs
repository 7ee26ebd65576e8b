import { cpSync, readdirSync } from 'node:fs';

/** The compiler leaves JavaScript and declarations where they are; the package needs them beside what it compiled. */
const from = new URL('./', import.meta.url);
const to = new URL('../dist/proto/', import.meta.url);

for (const file of readdirSync(from).filter((name) => /\.gen\.(js|d\.ts)$/.test(name))) {
  cpSync(new URL(file, from), new URL(file, to));
}
