/**
 * Training loops on Node: the entry `sharpstream/node`.
 *
 * @module sharpstream/node
 */

export { type ChosenBackend, chooseBackend, type Load } from './backends/chooseBackend.js';
export { loadTensorFlow, NotProvisioned } from './backends/native/loadTensorFlow.js';
export { repairWasm } from './backends/repairWasm.js';
export { type MemoryOptions, type MemorySink, memory } from './exporters/memory.js';
export { type DashboardOptions, type DashboardSink, dashboard } from './hub/dashboard.js';
export * from './tfjs/index.js';
