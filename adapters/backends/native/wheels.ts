import type { Mend } from './mend.js';
import { stackPointer } from './stackPointer.js';
import { TENSORFLOW_VERSION } from './versions.js';

/** What TensorFlow computes on: the processor only, or an NVIDIA GPU where there is one. */
export type Device = 'cpu' | 'gpu';

/** A package of PyPI for x86-64 Linux: what to fetch, and what to take from it. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** Of the download, and of what is taken, in bytes. */
  readonly size: number;
  readonly unpacked: number;
  /** A pattern of the files that are unpacked. */
  readonly pick: string;
  /** Where they go, from a path in the wheel to one in the folder. That the last is there says that all are. */
  readonly places: readonly (readonly [from: string, to: string])[];
  /** What is written over in files of the wheel. */
  readonly mends?: readonly Mend[];
}

export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** The C interface of either; of the wheels for CPython 3.11, but they are only unpacked, so any Python will do. */
const TENSORFLOW = {
  version: TENSORFLOW_VERSION,
  pick:
    'tensorflow/(include/(tensorflow/)?(c|core/platform/ct[^/]*|tsl|xla/tsl/c|tensorflow/tsl).*\\.h|' +
    `${LIBRARIES.join('|')}|THIRD_PARTY_NOTICES\\.txt)`,
  places: [
    ['tensorflow/include', 'include'],
    ['tensorflow/THIRD_PARTY_NOTICES.txt', 'THIRD_PARTY_NOTICES.txt'],
    ...LIBRARIES.map((library) => [`tensorflow/${library}`, `lib/${library}`] as const),
  ],
} as const;

const TENSORFLOW_CPU: Wheel = {
  ...TENSORFLOW,
  name: 'tensorflow-cpu',
  sha256: 'c855cb6bf05d32dd5928086b03a5f6b4189b63c22b95e017703cbee4291023ca',
  size: 214_055_683,
  unpacked: 665_000_000,
  mends: stackPointer(349_115_434, [347_804_234, 347_804_467, 347_804_647]),
};

const TENSORFLOW_GPU: Wheel = {
  ...TENSORFLOW,
  name: 'tensorflow',
  sha256: 'd8798dea8e2281b4a0b569d9c00e7949c0090509be363da271e1ef21828bffae',
  size: 590_660_880,
  unpacked: 1_184_000_000,
  mends: stackPointer(684_943_146, [683_631_946, 683_632_179, 683_632_359]),
};

/**
 * Parts of CUDA. Of the twelve that TensorFlow names, those its loader asks for, those that these need, and ptxas: it
 * asks for no curand, and CUPTI (for profiles) and NCCL (for several GPUs) it cannot find in wheels and does without.
 */
const CUDA: readonly Wheel[] = (
  [
    ['cuda_runtime', '12.3.101', 867_700, 1e6, '04604679ddca6acb96c76a7a9306282cddc16981f92e148e2dfe227078883cda'],
    ['cublas', '12.3.4.1', 412_581_912, 626e6, '9b25b27bd5a5be1cc7e83a7b8004258daa338800798e22986e5b67ee06f0859d'],
    ['cudnn', '8.9.7.29', 704_741_186, 1122e6, 'adf4f59ed7a1341103822ed8df6e144f4d47ea8b10d9bf0ea0047ba738fd7b02'],
    ['cufft', '11.0.12.1', 98_790_531, 179e6, '3b2c85d24d7dcc578720fdf39e2823950b5857e85164c3c1dc97184a8a8e0398'],
    ['cusolver', '11.5.4.101', 125_182_212, 199e6, '783a3279553feaf8e47af12cab1fa769ffd5e644ea876db3dc2252f35f9bf256'],
    ['cusparse', '12.2.0.103', 197_492_558, 268e6, 'fe9e17daf406c98c28fbc8bcf785ecd4db301bf02ce626de6aa1046de66f84bd'],
    ['nvjitlink', '12.3.101', 20_544_772, 53e6, '64335a8088e2b9d196ae8665430bc6a2b7e6ef2eb877a9c735c804bd4ff6467c'],
    ['cuda_nvrtc', '12.3.107', 24_875_439, 68e6, '4db66788a37a234304a0b3203744f9a6c665f48bde65f69a096ae3b5799b5b1d'],
    ['cuda_nvcc', '12.3.107', 21_955_316, 58e6, 'a3344b94f5e89023fa17e0bbf8fb0dd26d5ef6f4091a5aab08f215e4999eac62'],
  ] as const
).map(([part, version, size, unpacked, sha256]) => {
  const name = `nvidia-${part.replace('_', '-')}-cu12`;
  const licence = `${name.replaceAll('-', '_')}-${version}.dist-info/License.txt`;
  // TensorFlow's libraries look in `../nvidia/PART/lib`, and so do those of CUDA; but cuDNN calls one by another name.
  const place = part === 'cuda_nvrtc' ? 'nvidia/nvrtc' : `nvidia/${part}`;
  return {
    ...{ name, version, sha256, size, unpacked },
    pick: `nvidia/${part}/(?!include/).+|${licence}`,
    places: [
      [licence, `${place}.License.txt`],
      [`nvidia/${part}`, place],
    ],
  };
});

/** All that a device needs, in the order in which it is fetched. */
export const wheelsFor = (device: Device): readonly Wheel[] =>
  device === 'cpu' ? [TENSORFLOW_CPU] : [TENSORFLOW_GPU, ...CUDA];
