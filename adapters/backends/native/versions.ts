/** From 2.17 on, `round` of int32 returns zeros; 2.16.2 passes tfjs's own tests. */
export const TENSORFLOW_VERSION = '2.16.2';

export const TFJS_VERSION = '4.22.0';

/** Of what `sharpstream native` makes of the two: a folder of an earlier one is not used. */
export const REVISION = 2;

/** A package of npm: what to fetch, and the sha512 of its tarball. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly sha512: string;
}

/** Its JavaScript and the C++ of its addon. */
export const TFJS_NODE: NpmPackage = {
  name: '@tensorflow/tfjs-node',
  version: TFJS_VERSION,
  sha512: 'uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
};

/** What tfjs-node's backend imports besides tfjs. */
export const PROTOBUF: NpmPackage = {
  name: 'google-protobuf',
  version: '3.21.4',
  sha512: 'MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
};

/** For Node installations that come without their headers. */
export const NODE_API_HEADERS: NpmPackage = {
  name: 'node-api-headers',
  version: '1.9.0',
  sha512: '2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
};
