export { compose } from './core/compose.js';
export { every } from './core/every.js';
export { probe } from './core/probe.js';
