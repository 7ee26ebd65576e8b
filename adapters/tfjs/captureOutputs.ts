import { clone, dispose, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { LayerInternals } from './layersModel.js';
import { override, overriding } from './override.js';

/** Runs `f`, and gives what each of `layers` put out in it (the last time, if several), connected to the tape. */
export function captureOutputs<T>(layers: readonly LayerInternals[], f: () => T): { result: T; outputs: Tensor[] } {
  const captured = new Map<LayerInternals, Tensor>();
  const tap = (layer: LayerInternals): (() => void) => {
    const call = layer.call;
    return override(layer, 'call', (inputs, kwargs) => {
      const output = call.call(layer, inputs, kwargs);
      hold(captured, layer, Array.isArray(output) ? output[0]! : output);
      return output;
    });
  };
  try {
    const result = overriding(() => layers.map(tap), f);
    return { result, outputs: layers.map((layer) => clone(held(captured, layer))) };
  } finally {
    dispose([...captured.values()]);
  }
}

/** Layers tidy up behind themselves, so what is captured is kept until it is handed to the scope of the caller. */
export function hold<K>(captured: Map<K, Tensor>, key: K, tensor: Tensor): void {
  captured.get(key)?.dispose();
  captured.set(key, keep(clone(tensor)));
}

function held(captured: ReadonlyMap<LayerInternals, Tensor>, layer: LayerInternals): Tensor {
  const output = captured.get(layer);
  if (!output) throw new Error(`layer '${layer.name}' was not evaluated in the forward pass`);
  return output;
}
