import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { pin } from './pin';
import { TerraformData } from './terraform-data';

/** Long enough that no one guesses it, well under the 128 that RDS takes. */
const LENGTH = 40;
/** RDS refuses the first four. The others need care in URLs and shells, where people paste a password in a bad hour. */
const EXCLUDED_CHARACTERS = '/@" \'\\`$&%#?:;';

const EPHEMERAL = 'aws_secretsmanager_random_password';

/** What a password is called in the stack, and what it changes with. */
export interface EphemeralPasswordProps {
  /** Its logical id, e.g. `master-password`. */
  readonly logicalId: string;
  /** A change lets the plan of that run call nothing: change it with whatever makes Terraform send a new password. */
  readonly changesWith: number | string;
}

/**
 * A password that is new in each run and stands in no state, plan or log (docs/decisions/0010-master-password.md).
 *
 * Only write-only arguments take it, and Terraform sends those only when their version rises: all that are to hold one password
 * take one value, and change their versions together.
 */
export class EphemeralPassword extends Construct {
  /** Expression of the password of this run. For write-only arguments; Terraform refuses it elsewhere. */
  readonly value: string;
  /** What is replaced whenever `changesWith` changes, for `replace_triggered_by`. */
  readonly changed: string;

  constructor(scope: Construct, id: string, props: EphemeralPasswordProps) {
    super(scope, id);
    // Terraform opens an ephemeral resource, and so calls AWS, while planning too, unless part of its configuration is
    // unknown then. A new terraform_data's output is, so the plans of a first deployment and of a rotation call nothing.
    const rules = pin(
      new TerraformData(this, 'rules', { input: EXCLUDED_CHARACTERS, triggersReplace: props.changesWith }),
      props.logicalId,
    );
    const local = rules.friendlyUniqueId;
    // cdktf has no class for ephemeral resources.
    TerraformStack.of(this).addOverride(`ephemeral.${EPHEMERAL}.${local}`, {
      password_length: LENGTH,
      require_each_included_type: true,
      exclude_characters: rules.output,
    });
    this.value = `\${ephemeral.${EPHEMERAL}.${local}.random_password}`;
    this.changed = `terraform_data.${local}.id`;
  }
}

/** The expression within `${…}`, for use in another. */
export function unwrap(interpolation: string): string {
  return interpolation.slice(2, -1);
}
