// The letters of a demo, which stand in a folder: `node WALK.mjs DOOR PROVIDER OUTBOX …`.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { door } from './window.mjs';

const [outbox] = process.argv.slice(4);

/** The text of the letter to somebody whose subject says so, once it has arrived. */
export async function letter(to, subject) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const files = (await readdir(outbox).catch(() => [])).filter((name) => name.endsWith('.eml'));
    const texts = await Promise.all(files.map((name) => readFile(join(outbox, name), 'utf8')));
    const found = texts.find((text) => text.includes(`\r\nTo: ${to}\r\n`) && new RegExp(`\r\nSubject: .*${subject}`).test(text));
    if (found) return found;
    await setTimeout(50);
  }
  assert.fail(`no letter to ${to} about ${subject}`);
}

/** The one link of a letter. */
export function linkIn(text) {
  return new RegExp(`${door}/\\S+`).exec(text)[0];
}
