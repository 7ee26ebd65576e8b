import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { asked } from './asked.js';

/** A model as it was saved, and the loss it was compiled with, where the file tells. */
export interface SavedModel {
  readonly model: LayersModel;
  readonly loss: unknown;
}

/**
 * Reads `model.json` and the shards beside it, as `model.save` of tfjs writes them, on Node and in the browser, and as
 * tensorflowjs_converter does from Keras; quantized weights too. Its optimizer is left where it is.
 *
 * @throws Error if a file is missing or of another size than the manifest says, if it is a graph model, if it has layers
 *   that are not registered, or if a weight is not finite.
 */
export async function loadModel(path: string): Promise<SavedModel> {
  const json = modelJson(path);
  const { modelTopology, weightsManifest, trainingConfig } = json;
  const weightData = weightsManifest.map((group) => shards(path, group));
  const load = async (): Promise<io.ModelArtifacts> => ({
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData,
  });
  try {
    const model = await loadLayersModel({ load });
    refuseNonFinite(path, model);
    return { model, loss: trainingConfig?.loss };
  } catch (error) {
    throw explained(path, json, error);
  }
}

function modelJson(path: string): io.ModelJSON {
  const text = asked('--model', path, (file) => readFileSync(file, 'utf8'));
  let json: Partial<io.ModelJSON>;
  try {
    json = JSON.parse(text) ?? {};
  } catch {
    throw new Error(`--model ${path} is not JSON; give the model.json of a saved model`);
  }
  const { modelTopology, weightsManifest, format } = json;
  if (format === 'graph-model' || (modelTopology && 'node' in modelTopology)) {
    throw new Error(
      `--model ${path} is a graph model, whose weights are constants: it has no gradient; ` +
        'convert it with --output_format=tfjs_layers_model, or save the model by model.save()',
    );
  }
  if (!modelTopology) throw new Error(`--model ${path} has no modelTopology; give the model.json of a saved model`);
  if (!weightsManifest?.length) {
    throw new Error(`--model ${path} names no weights; save the model itself with model.save(), not its toJSON()`);
  }
  return json as io.ModelJSON;
}

/** The bytes of a group of weights, which its shards hold one behind the other. */
function shards(path: string, { paths, weights }: io.WeightsManifestConfig[number]): ArrayBuffer {
  const folder = dirname(path);
  const files = paths.map((name) => asked('--model', join(folder, name), (file) => readFileSync(file)));
  const bytes = Buffer.concat(files);
  const wanted = weights.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (bytes.length !== wanted) {
    const held = paths.map((name, i) => `${name} ${files[i]!.length}`).join(', ');
    throw new Error(
      `--model ${path}: its weights are ${wanted} bytes, its shards hold ${bytes.length} (${held}); save or copy it again`,
    );
  }
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

const SIZES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, float16: 2, uint16: 2, uint8: 1 };

function bytesOf({ name, shape, dtype, quantization }: io.WeightsManifestEntry): number {
  const size = SIZES[quantization?.dtype ?? dtype];
  if (!size) throw new Error(`--model: the weight ${name} has the dtype ${dtype}, which no layer can train`);
  return size * shape.reduce((a, b) => a * b, 1);
}

function refuseNonFinite(path: string, model: LayersModel): void {
  for (const weight of model.weights) {
    const values = weight.read().dataSync();
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new Error(
      `--model ${path}: the weight ${weight.originalName} is ${values[at]} at ${at}; save it before training diverges`,
    );
  }
}

function explained(path: string, { modelTopology }: io.ModelJSON, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  if (why.startsWith('--model')) return error as Error;
  const unknown = /^Unknown \w+: (\w+)/.exec(why)?.[1];
  const { keras_version: keras = '' } = modelTopology as { keras_version?: string };
  const remedy = unknown
    ? `${unknown} is none of tfjs-layers; give the file that registers it, --import my-layers.js`
    : keras.startsWith('3')
      ? 'it was saved by Keras 3, whose format tfjs-layers 4 does not read; save it with tf_keras'
      : 'save it again with the tfjs-layers that made it';
  return new Error(`--model ${path} cannot be built: ${why.split('\n')[0]}; ${remedy}`, { cause: error });
}
