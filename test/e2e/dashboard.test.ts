import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildPage, findChromium, launch, violations } from './browser.js';
import { type PageServer, pageServer } from './pageServer.js';
import { ended, syntheticRun } from './syntheticRun.js';

const executable = findChromium();
const onPage = test.skipIf(!executable);
const run = syntheticRun(1, 'digits student', Date.now() - 60_000);

let built: string;
let browser: Browser;
let server: PageServer;
let page: Page;
let complaints: string[];
let requests: string[];

beforeAll(async () => {
  if (!executable) return;
  built = buildPage();
  browser = await launch(executable);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  if (built) rmSync(built, { recursive: true });
});

beforeEach(async () => {
  if (!executable) return;
  server = await pageServer(built);
  [complaints, requests] = [[], []];
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.on('console', (message) => void (message.type() !== 'log' && complaints.push(message.text())));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(new URL(request.url()).host));
});
afterEach(async () => {
  await page?.context().close();
  server?.close();
  // Chromium itself reports attempts to connect that are refused; anything else would be ours.
  expect(complaints?.filter((text) => !text.includes('ERR_CONNECTION_REFUSED')) ?? []).toEqual([]);
});

const show = (frames = run.opening(1000)): void => frames.forEach((frame) => void server.send(frame));
const card = (title: string) => page.locator('.card', { has: page.getByRole('heading', { name: title, exact: true }) });
const reads = (title: string, text: string | RegExp) => card(title).locator('.legend', { hasText: text }).waitFor();
const link = (words: string | RegExp) => page.locator('.link', { hasText: words }).waitFor();

/** How many pixels of the drawing of a chart are not empty. */
const inked = (title: string): Promise<number> =>
  card(title)
    .locator('canvas')
    .evaluate((canvas) => {
      const { width, height, getContext } = canvas as unknown as Drawing;
      const { data } = getContext.call(canvas, '2d').getImageData(0, 0, width, height);
      return data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length;
    });

/** The part of a canvas that is looked at; the types of the DOM are not those of Node. */
interface Drawing {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } };
}

onPage('the page says what to do before a run begins, and finds it when it does', async () => {
  await page.goto(server.url);
  await page.getByText('Waiting for a run to begin').waitFor();
  show();
  await page.getByText('digits student').waitFor();
  await link('Live');
});

onPage(
  'all four streams, the loss, the scatter and the cost of watching are drawn, and nothing is asked of others',
  async () => {
    show();
    await page.setViewportSize({ width: 1280, height: 2400 });
    await page.goto(server.url);
    const titles = ['Loss', 'Sharpness, λ max', 'Traces, H = G + NME', 'Rank of the features', 'Confidence deviation'];
    for (const title of [...titles, 'Student against teacher', 'Time spent watching', 'Cost of each probe']) {
      await card(title).locator('canvas').waitFor();
      await expect.poll(() => inked(title)).toBeGreaterThan(500);
    }
    await reads('Rank of the features', /conv2d_1.*dense_2/s);
    await reads('Student against teacher', '500 examples');
    await reads('Loss', '1 not finite');
    expect(new Set(requests)).toEqual(new Set([new URL(server.url).host]));
  },
);

onPage('a value that arrives is read within a second, also of a metric nobody has heard of', async () => {
  show();
  await page.goto(server.url);
  const series = [{ id: 5000, run: run.run.id, name: 'exotic.quantity', unit: '{unicorn}', attributes: {} }];
  const columns = { ids: [5000], steps: [1000], values: [42.125], standardErrors: [0.5], points: [] };
  await link('Live');
  server.send({ kind: 'batch', series, ...columns });
  await card('Quantity').locator('.value', { hasText: '42.13± 0.5' }).waitFor({ timeout: 1000 });
  await page
    .getByText('step 1 000')
    .or(page.locator('dd', { hasText: '1\u202f000' }))
    .first()
    .waitFor();
});

onPage('a connection that is lost is said to be, and comes back by itself with what happened meanwhile', async () => {
  show();
  await page.goto(server.url);
  await link('Live');
  const { port } = new URL(server.url);
  server.close();
  await link(/Reconnecting/);
  await page.getByRole('alert').getByText('The charts show what had arrived').waitFor();
  expect(await inked('Loss')).toBeGreaterThan(500);
  server = await pageServer(built, Number(port));
  show(run.opening(1200));
  await link('Live');
  await page.locator('dd', { hasText: '1\u202f199' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

onPage('a run that ends is said to have ended, and an earlier one can be looked at again', async () => {
  show();
  show(syntheticRun(2, 'second run', Date.now()).opening(300));
  await page.goto(server.url);
  await page.locator('dd', { hasText: '299' }).waitFor();
  server.send(ended(run.run));
  await page.getByLabel('run').selectOption({ label: 'digits student (ended)' });
  await link('Ended');
  await page.locator('dd', { hasText: '999' }).waitFor();
  await page.locator('dd', { hasText: '1:05' }).waitFor();
});

onPage('dragging zooms every chart, which stays while data arrives, until a double click', async () => {
  show();
  await page.goto(server.url);
  await card('Loss').locator('canvas').waitFor();
  const box = (await card('Loss').locator('.u-over').boundingBox())!;
  const [left, middle] = [box.x + box.width * 0.25, box.y + box.height / 2];
  await page.mouse.move(left, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, middle, { steps: 5 });
  await page.mouse.up();
  const zoomed = page.getByRole('button', { name: /^Steps 2\d\d to (49\d|50\d)/ });
  await zoomed.waitFor();
  server.send(run.batch(1000, 1100));
  await page.locator('dd', { hasText: '1\u202f099' }).waitFor();
  expect(await zoomed.isVisible()).toBe(true);
  await page.mouse.dblclick(left, middle);
  await zoomed.waitFor({ state: 'detached' });
});

onPage('under the cursor all legends read the same step', async () => {
  show();
  await page.goto(server.url);
  await card('Rank of the features').locator('canvas').waitFor();
  const newest = (await card('Loss').locator('.value').textContent())!;
  await card('Gradient norm')
    .locator('.u-over')
    .hover({ position: { x: 20, y: 30 } });
  await page.getByText('cursor at').waitFor();
  expect(await card('Loss').locator('.value').textContent()).not.toBe(newest);
  await page.mouse.move(5, 5);
  await reads('Loss', newest);
});

onPage('a logarithmic axis holds negative values too, and the choice survives a new stream', async () => {
  show();
  await page.goto(server.url);
  const traces = card('Traces, H = G + NME');
  const toggle = traces.getByRole('button', { name: /^log/ });
  await toggle.click();
  await expect.poll(() => inked('Traces, H = G + NME')).toBeGreaterThan(500);
  const series = [{ id: 6000, run: run.run.id, name: 'other.thing', unit: '1', attributes: {} }];
  server.send({ kind: 'batch', series, ids: [6000], steps: [1], values: [1], standardErrors: [], points: [] });
  await card('Thing').waitFor();
  expect(await toggle.getAttribute('aria-pressed')).toBe('true');
});

onPage('failures are listed with their source, message and state', async () => {
  show();
  await page.goto(server.url);
  await page.getByText('3 failures while watching').click();
  await page.getByRole('row', { name: /pgdlScore 40 – 80 2 pgdlScore: needs outputs.* switched off/ }).waitFor();
  await page.getByRole('row', { name: /openTelemetry 310 1 .*ECONNREFUSED still on/ }).waitFor();
});

onPage.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
] as const)(
  'nobody is kept from reading the page: axe finds nothing, %s, %i pixels wide',
  async (colorScheme, width) => {
    show();
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(server.url);
    await page.getByText('3 failures while watching').click();
    await reads('Loss', 'training loss');
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  },
);
