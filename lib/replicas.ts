import { type ContractMember, parseMember } from './contract';
import { ReadfleetError } from './errors';
import type { Member } from './members/member';
import type { Members } from './members/members';
import type { MemberStatus } from './status';

/** How long a replica may take to end what it has under way, when it is drained or removed. */
export interface DrainOptions {
  /**
   * Milliseconds to wait for what is under way, transactions included.
   * @default - until all of it has ended
   */
  readonly timeoutMs?: number;
}

/** Replicas come and go while the fleet is read, and no read fails for it. */
export class Replicas {
  /** @internal use `fleet.replicas` */
  constructor(
    private readonly members: Members,
    private readonly closeTimeoutMs: number,
    private readonly whenOpen: () => Promise<void>,
    private readonly statusOf: (member: Member) => MemberStatus,
  ) {}

  /** The readers, as `fleet.status()` has them. */
  list(): readonly MemberStatus[] {
    return this.members.readers.map((reader) => this.statusOf(reader));
  }

  /**
   * Takes a replica in. It serves from when it is proved fresh, slowly at first.
   *
   * Resolves once it has been asked how it is; whether it answered, its state tells.
   *
   * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
   * @throws ReadfleetError `READFLEET_MEMBER_EXISTS`, `READFLEET_CLOSED`
   */
  async add(member: ContractMember): Promise<MemberStatus> {
    await this.whenOpen();
    const taken = parseMember(member, 'replicas.add()');
    if (this.members.all().some(({ name }) => name === taken.name)) {
      throw new ReadfleetError(
        'READFLEET_MEMBER_EXISTS',
        `replicas.add(): the fleet has a member "${taken.name}" already. Remove it first, or give the new one a name of its own.`,
      );
    }
    return this.statusOf(await this.members.add(taken));
  }

  /**
   * Sends a replica nothing new; resolves when all that it has under way has ended, or the time is over. It stays watched, and can be taken
   * back by {@link undrain}.
   *
   * @returns whether nothing is under way there any more
   * @throws ReadfleetError `READFLEET_NO_SUCH_MEMBER`
   */
  async drain(name: string, { timeoutMs }: DrainOptions = {}): Promise<boolean> {
    const member = this.reader('drain', name);
    this.members.drain(member);
    if (timeoutMs !== undefined) return member.quietWithin(timeoutMs);
    await member.quiet();
    return true;
  }

  /** Ends {@link drain}. @throws ReadfleetError `READFLEET_NO_SUCH_MEMBER` */
  undrain(name: string): void {
    this.members.undrain(this.reader('undrain', name));
  }

  /**
   * Takes a replica out: nothing new is sent, what is under way may end within the time (default: the fleet's `closeTimeoutMs`), then its connections
   * are closed. Reads that are cut off then are answered by another member.
   *
   * @throws ReadfleetError `READFLEET_NO_SUCH_MEMBER`
   */
  async remove(name: string, { timeoutMs = this.closeTimeoutMs }: DrainOptions = {}): Promise<void> {
    await this.members.remove(this.reader('remove', name), timeoutMs);
  }

  private reader(method: string, name: string): Member {
    const member = this.members.readers.find((reader) => reader.name === name);
    if (member) return member;
    const names = this.members.readers.map((reader) => reader.name).join(', ');
    throw new ReadfleetError(
      'READFLEET_NO_SUCH_MEMBER',
      `replicas.${method}("${name}"): the fleet has no replica of that name. It has: ${names || 'none'}.`,
    );
  }
}
