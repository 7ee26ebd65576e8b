import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** An attribute of an operation of TensorFlow. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor of TensorFlow, by the number that tfjs-node knows it by. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The part of tfjs-node's backend by which operations of TensorFlow are run. */
export interface NodeBackend extends KernelBackend {
  readonly binding: {
    readonly TF_COMPLEX64: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
    readonly TF_INT64: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_Version: string;
    executeOp(
      op: string,
      attributes: readonly OpAttribute[],
      ids: readonly number[],
      outputs: number,
    ): TensorMetadata[];
    createTensor(shape: readonly number[], dtype: number, values: Int32Array): number;
    tensorDataSync(id: number): ArrayLike<number>;
    deleteTensor(id: number): void;
  };
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: TensorInfo[]): TensorInfo;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: TensorInfo[],
    outputs: number,
  ): TensorInfo[];
  getInputTensorIds(inputs: TensorInfo[]): number[];
  /** A tensor of tfjs, of a type that it has. */
  createOutputTensor(made: TensorMetadata): TensorInfo;
}
