/** Words that several of the driver's screens use. */
import { defineWords, t } from "../common/words";
import { routes } from "../schema/client";
import type { Action } from "./queue";

export const shared = defineWords({
  back: { zh: "返回", en: "Back" },
  cancel: { zh: "取消", en: "Cancel" },
  note: { zh: "备注（选填）", en: "Note (optional)" },
  reason: { zh: "原因", en: "Reason" },
  required: { zh: "请填写", en: "This is required" },
  tooLate: { zh: "这一操作已经发出，不能再改。请到发送队列查看结果。", en: "This was sent already and cannot be changed any more. See its outcome in the queue." },
  gone: { zh: "手机上没有这一站的资料。", en: "This stop is not on the phone." },
  notKept: { zh: "手机存储空间不足或被禁用，操作没有保存！请清理空间后再试。", en: "The phone's storage is full or forbidden: this was NOT kept. Make room and try again." },
});

export function operationText(action: Pick<Action, "operation">): string {
  return t(routes[action.operation]);
}

const states = defineWords({
  waiting: { zh: "待发送", en: "to be sent" },
  unknown: { zh: "结果未知，将重发", en: "outcome unknown, will be sent again" },
  blocked: { zh: "等前一操作处理", en: "waits for an earlier one" },
  refused: { zh: "被拒绝", en: "refused" },
  done: { zh: "已完成", en: "done" },
  given_up: { zh: "已放弃", en: "given up" },
});

export function stateText(action: Action, isBlocked: boolean): string {
  if (action.state !== "waiting") return t(states[action.state]);
  return t(isBlocked ? states.blocked : action.attempts > 0 ? states.unknown : states.waiting);
}

/** "09:30" of minutes from midnight. */
export function minuteText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
