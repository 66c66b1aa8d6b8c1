/** What the page says where it has a table of words; a bundle without one leaves it out. */
import { language } from "../language.js";

const en = {
  search: "Search for a film, or say what you are in the mood for",
  byMeaning: "by meaning",
  title: "In a sentence",
  hint: "Say what you are in the mood for. Beside each film is what your words added to its score.",
  label: "I am in the mood for",
  example: "slow space operas, but no war",
  ask: "Find films",
  newcomerHint: "One that nobody has seen yet. A sentence is enough: its words say who might like it.",
  newcomerSentence: "In a sentence",
};

const zh: typeof en = {
  search: "搜索电影，或用英语说说你想看什么",
  byMeaning: "按含义",
  title: "一句话",
  hint: "用英语说说你想看什么。每部影片旁是你的词给它的得分。",
  label: "我想看",
  example: "slow space operas, but no war",
  ask: "查找影片",
  newcomerHint: "一部还没人看过的影片：用英语写一句话就够了，其中的词说明它适合谁。",
  newcomerSentence: "一句话介绍（英语）",
};

/** In the page's language. */
export const mood = (): typeof en => (language === "zh" ? zh : en);
