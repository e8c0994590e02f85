/** What waits for a person over all services: each is asked; one that does not answer is named, and the others are shown. */
import { call, type Reply, type Request } from "@/common/call";
import type { OperationName } from "@/schema/types";

export const services = ["leads", "contracts", "dispatch", "collection", "aftersales", "discipline", "staff"] as const;
export type Service = (typeof services)[number];

export type Waiting = Reply<"contracts.approval.list">["items"][number] & { service: Service };
export type Deadline = Reply<"contracts.deadline.list">["items"][number] & { service: Service };

export interface Gathered<T> {
  items: T[];
  silent: Service[]; // services that did not answer
  at: string; // when it was asked
}

async function gather<T>(operation: "approval.list" | "deadline.list", view: string): Promise<Gathered<T>> {
  const silent: Service[] = [];
  const lists = await Promise.all(
    services.map(async (service) => {
      try {
        const reply = await call(`${service}.${operation}` as OperationName, { view, limit: 50 } as never);
        return (reply as unknown as { items: object[] }).items.map((one) => ({ ...one, service }));
      } catch {
        silent.push(service);
        return [];
      }
    }),
  );
  return { items: lists.flat() as T[], silent, at: new Date().toISOString() };
}

export type ApprovalView = NonNullable<Request<"contracts.approval.list">["view"]>;

export async function gatherApprovals(view: ApprovalView): Promise<Gathered<Waiting>> {
  const found = await gather<Waiting>("approval.list", view);
  found.items.sort((one, other) => (one.due_at ?? "9").localeCompare(other.due_at ?? "9") || one.opened_at.localeCompare(other.opened_at));
  return found;
}

export type DeadlineView = NonNullable<Request<"contracts.deadline.list">["view"]>;

export async function gatherDeadlines(view: DeadlineView): Promise<Gathered<Deadline>> {
  const found = await gather<Deadline>("deadline.list", view);
  found.items.sort((one, other) => one.minutes_left - other.minutes_left);
  return found;
}
