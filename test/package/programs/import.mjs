import * as tf from '@tensorflow/tfjs-core';

/** What tfjs and the language keep in globals. */
const globals = () => ({
  names: Object.getOwnPropertyNames(globalThis).sort(),
  kernels: ['cpu', 'wasm', 'tensorflow'].map((backend) => tf.getKernelsForBackend(backend).length),
  gradients: ['Tanh', 'Softmax', 'Conv2D', 'MaxPool'].map((name) => tf.getGradient(name) !== undefined),
  random: Math.random.toString(),
});

const before = globals();
const entries = process.argv.slice(2);
const names = {};
for (const entry of entries) names[entry] = Object.keys(await import(entry)).length;
console.log(JSON.stringify({ names, before, after: globals() }));
