/**
 * Training loops on Node: the entry `sharpstream/node`.
 *
 * @module sharpstream/node
 */

export type { Precision } from '../src/curvature/checks/precision.js';
export { type ChosenBackend, chooseBackend, type Load } from './backends/chooseBackend.js';
export { loadTensorFlow, NotProvisioned } from './backends/native/loadTensorFlow.js';
export { repairWasm } from './backends/repairWasm.js';
export { type MemoryOptions, type MemorySink, memory } from './exporters/memory.js';
export { type DashboardOptions, type DashboardSink, dashboard } from './hub/dashboard.js';
export * from './tfjs/index.js';
