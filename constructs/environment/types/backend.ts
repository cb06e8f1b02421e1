/** Where Terraform keeps its state. */
export type Backend =
  | {
      readonly kind: 's3';
      /** A bucket with versioning, which exists before the first deployment. */
      readonly bucket: string;
      /**
       * Region of the bucket.
       * @default - the environment's region
       */
      readonly region?: string;
      /**
       * Object that holds the state.
       * @default "readfleet/<fleet>/<environment>.tfstate"
       */
      readonly key?: string;
      /**
       * ARN of the KMS key that encrypts the state.
       * @default - the bucket's own encryption
       */
      readonly kmsKeyArn?: string;
    }
  /** A file beside the project: for environments that one person deploys. Refused in production. */
  | { readonly kind: 'local' };
