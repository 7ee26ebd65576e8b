/**
 * Training loops in a browser: the entry `sharpstream/browser`.
 *
 * @module sharpstream/browser
 */

export { repairWasm } from './backends/repairWasm.js';
export { type RemoteDashboardOptions, type RemoteDashboardSink, remoteDashboard } from './hub/remoteDashboard.js';
export * from './tfjs/index.js';
