import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Saves a model as the browser's and Node's handlers of tfjs do: model.json and its weights, here in shards. */
export async function saveModel(
  model: LayersModel,
  folder: string,
  { shards = 2, includeOptimizer = false } = {},
): Promise<void> {
  const save = async (artifacts: io.ModelArtifacts): Promise<io.SaveResult> => {
    const { modelTopology, trainingConfig, weightSpecs, weightData, format, generatedBy } = artifacts;
    const bytes = Buffer.from(weightData as ArrayBuffer);
    const size = Math.ceil(bytes.length / shards);
    const paths = Array.from({ length: shards }, (_, i) => `weights.${i + 1}of${shards}.bin`);
    paths.forEach((path, i) => writeFileSync(join(folder, path), bytes.subarray(i * size, (i + 1) * size)));
    const json = { modelTopology, trainingConfig, format, generatedBy, convertedBy: null };
    const weightsManifest = [{ paths, weights: weightSpecs }];
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...json, weightsManifest }));
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  };
  await model.save({ save }, { includeOptimizer });
}
