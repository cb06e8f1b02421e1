import type { Clock } from '../clock';
import { type Election, elect, type Voter } from '../topology/election';
import { type Promotion, promotionOf } from '../topology/promotion';
import type { Member } from './member';
import type { Members } from './members';

/** What is told of a change of the primary. */
export interface SuccessionListener {
  adopted(from: string, to: string, reason: string): void;
  /** The primary is gone and nobody is provably its successor; told once for each reason. */
  undecided(reason: string): void;
}

/** Sees to it that the fleet writes to the member that is the primary: decides anew whenever a member was seen, or was silent. */
export class Succession {
  private readonly promotions = new WeakMap<Member, Promotion>();
  private readonly previous = new WeakMap<Member, Member['facts']['sighting']>();
  private told: string | undefined;

  constructor(
    private readonly members: Members,
    private readonly silenceMs: number,
    private readonly clock: Clock,
    private readonly listener: SuccessionListener,
  ) {}

  seen(member: Member): void {
    const { members } = this;
    this.remember(member);
    if (members.fenced.includes(member)) this.lookAtFormer(member);
    else if (isGone(members.writer)) this.decide();
    else this.told = undefined;
  }

  private decide(): void {
    const election = this.elect();
    if (election.kind === 'adopt') this.adopt(election.name, election.reason);
    if (election.kind !== 'undecided') return;
    // How long it is gone makes each reason another one.
    const reason = election.reason.replace(/\d+ ms/, 'a while');
    if (reason === this.told) return;
    this.told = reason;
    this.listener.undecided(election.reason);
  }

  private elect(): Election {
    const { writer, readers, lastPrimary } = this.members;
    return elect(
      this.voter(writer),
      readers.filter(({ state }) => state.kind !== 'gone').map((reader) => this.voter(reader)),
      lastPrimary,
      {
        silenceMs: this.silenceMs,
      },
    );
  }

  private adopt(name: string, reason: string): void {
    const { members } = this;
    const from = members.writer.name;
    const reader = members.readers.find((other) => other.name === name);
    if (!reader) return;
    this.told = undefined;
    members.adopt(reader, reason);
    this.listener.adopted(from, name, reason);
  }

  /** The old primary is back: as a standby of the present one it may be read. */
  private lookAtFormer(member: Member): void {
    const { sighting, failure } = member.facts;
    if (failure !== undefined || !sighting?.recovering || !sighting.receiving) return;
    if (sighting.timeline === undefined || sighting.timeline !== this.members.primary.timeline) return;
    this.members.readmit(member);
  }

  private remember(member: Member): void {
    const { sighting, failure } = member.facts;
    if (!sighting || failure !== undefined) return;
    const promotion = promotionOf(this.promotions.get(member), this.previous.get(member), sighting);
    this.previous.set(member, sighting);
    if (promotion) this.promotions.set(member, promotion);
    else this.promotions.delete(member);
  }

  private voter(member: Member): Voter {
    const { name, role, facts, silentSince } = member;
    const silentMs = silentSince === undefined ? 0 : this.clock.now() - silentSince;
    return { name, role, facts, silentMs, promotion: this.promotions.get(member) };
  }
}

function isGone({ silentSince, facts }: Member): boolean {
  return silentSince !== undefined || facts.sighting?.recovering === true;
}
