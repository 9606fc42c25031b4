import type { ChatroomId, Place, PlaceText, RoomEvent, Sequence } from "../../domain/mod.ts";
import { formatPlace, parsePlace, sequence } from "../../domain/mod.ts";
import { type SocketClient, socketClient, tellsOf } from "./clients.ts";
import type { Person } from "./people.ts";
import type { Progress } from "./progress.ts";
import type { Moment, ObserverRecord, Told } from "./recording.ts";

export interface ObservingOptions {
  readonly url: string;
  readonly chatroomId: ChatroomId;
  readonly name: string;
  readonly person: Person;
  /** The place to begin behind. */
  readonly from: PlaceText;
  readonly now: () => Moment;
  readonly progress: Progress;
  /** Called with each event once it is recorded. */
  readonly onTold?: (told: Told) => void;
}

/** Somebody who observes the room over a socket and writes down what they are told. */
export interface Observer {
  readonly record: ObserverRecord;
  /** The last sequence that was told; 0 before anything was. */
  readonly position: Sequence;
  /** Destroy the socket; the client comes back by itself, and names the place where it was. */
  cut(): void;
  /** Give the client up. */
  goAway(): void;
  /** Go on with a new client, behind the last place that was told. Nothing if not away. */
  comeBack(): void;
  close(): void;
}

/** How long to wait before observing again where the server said that it cannot be just now, in milliseconds. */
const LATER = 50;

export function observeRoom(options: ObservingOptions): Observer {
  const { url, chatroomId, name, person, from, now, progress, onTold } = options;
  const told: Told[] = [];
  const record = { name, userId: person.userId, told, cuts: 0, ended: null as string | null };
  let last: PlaceText = from;
  let socket: SocketClient | null = null;
  let closed = false;

  function take(place: Place | null, event: RoomEvent): void {
    if (place === null) {
      end(`an event id is not of the form <epoch>.<sequence>: ${JSON.stringify(event)}`);
      return;
    }
    const one = { moment: now(), place, event };
    told.push(one);
    last = formatPlace(place);
    onTold?.(one);
    progress.note();
  }

  function end(why: string): void {
    record.ended ??= why;
    progress.note();
  }

  function open(): void {
    if (closed || socket !== null || record.ended !== null) return;
    const mine = socketClient(url, person.token);
    socket = mine;
    // What an old client is still told after it was given up is nobody's any more.
    const whileMine = (run: () => void): void => (socket === mine ? run() : undefined);
    mine.client.chatrooms.observe.subscribe(
      { chatroomId, lastEventId: last },
      {
        onData: ({ id, data }) => whileMine(() => take(parsePlace(id), data)),
        onError: (error) => whileMine(() => failed(error)),
        onComplete: () => whileMine(() => end("the subscription ended and gave no reason")),
      },
    );
  }

  function failed(error: unknown): void {
    const { chatError, code } = tellsOf(error);
    if (chatError?.code === "UNAVAILABLE" || chatError?.code === "TOO_MANY_AT_ONCE") {
      giveUp();
      setTimeout(open, LATER);
    } else end(chatError?.code ?? code ?? String(error));
  }

  function giveUp(): void {
    const old = socket;
    socket = null;
    old?.close();
  }

  open();
  return {
    record,
    get position() {
      return told.at(-1)?.place.sequence ?? sequence(0);
    },
    cut() {
      record.cuts++;
      socket?.cut();
    },
    goAway() {
      record.cuts++;
      giveUp();
    },
    comeBack: open,
    close() {
      closed = true;
      giveUp();
    },
  };
}
