/** What an area's screens.ts says of its screens. The router and the menu are made of it, and the tests go through it. */
import type { Component } from "vue";
import type { Function, OperationName, Words } from "@/schema/types";

export const areas = {
  home: { zh: "首页", en: "Home" },
  leads: { zh: "客户与拜访", en: "Customers and visits" },
  contracts: { zh: "价格与合同", en: "Prices and contracts" },
  approvals: { zh: "审批与督办", en: "Approvals and overdue work" },
  dispatch: { zh: "订单与配送", en: "Orders and deliveries" },
  collection: { zh: "收款与对账", en: "Collection" },
  aftersales: { zh: "售后", en: "After-sales" },
  discipline: { zh: "纪律", en: "Discipline" },
  administration: { zh: "系统管理", en: "Administration" },
} satisfies Record<string, Words>;

export type Area = keyof typeof areas;

export interface ScreenEntry {
  path: string;
  words: Words;
  icon?: Component;
  needs?: OperationName[]; // who may call none of them does not see it
  functions?: Function[]; // for these functions only, beside `needs`
  first?: Function[]; // stands at the top for these functions
  menu?: boolean; // default: when the path has no parameter
  example?: [list: OperationName, field: string, request?: Record<string, unknown>]; // where the tests find the parameter of the path
  component: () => Promise<unknown>;
}

export interface AreaScreens {
  area: Area;
  screens: ScreenEntry[];
}

export function defineScreens(screens: AreaScreens): AreaScreens {
  return screens;
}
