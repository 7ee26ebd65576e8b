import 'uplot/dist/uPlot.min.css';
import './page/page.css';
import './page/cards.css';
import './page/failures.css';
import './page/layout.css';
import { asyncScheduler, fromEvent, map, merge, Subject, share, throttleTime, timer } from 'rxjs';
import { mount } from 'svelte';
import { createGaze } from './chart/gaze.js';
import { connect } from './connect.js';
import { deskContext } from './page/desk.js';
import Page from './page/Page.svelte';
import { frames } from './socket.js';
import { view } from './view.js';

const url = new URL('./stream', location.href);
url.protocol = url.protocol.replace('http', 'ws');

const chosen = new Subject<string>();
const asked = new Subject<void>();
const signals = connect(() => frames(url.href), { now: merge(asked, fromEvent(window, 'online')) });
const views = view(signals, chosen);

mount(Page, {
  target: document.querySelector('#page')!,
  context: deskContext({
    views,
    readings: views.pipe(throttleTime(150, asyncScheduler, { leading: true, trailing: true })),
    clock: timer(0, 250).pipe(
      map(() => Date.now()),
      share(),
    ),
    gaze: createGaze(),
    choose: (run) => chosen.next(run),
    reconnect: () => asked.next(),
  }),
});
