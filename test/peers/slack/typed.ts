import type { World } from './world.ts';

/** What becomes of words that a person types: their client marks names, channels and addresses, and escapes the rest. */

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const ADDRESS = /\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"]/g;
const MAIL = /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g;
const HOST = /(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev)\b(?:\/[^\s<>|]*)?/gi;
const NAME = /(?<![\p{L}\p{N}_.<])@([\p{L}\p{N}][\p{L}\p{N}._-]*)/gu;
const CHANNEL = /(?<![\p{L}\p{N}_&/])#([\p{L}\p{N}][\p{L}\p{N}_-]*)/gu;

/** `named`: whether a mention carries the name beside the id, as it does in the words of a command. */
export function typed(world: World, text: string, named = false): string {
  const kept: string[] = [];
  const keep = (marked: string): string => `\uE000${kept.push(marked) - 1}\uE000`;
  const people = new Map([...world.people.values()].map((each) => [each.name.toLowerCase(), each]));
  const channels = new Map([...world.channels.values()].map((each) => [each.name, each]));
  const marked = text
    .replace(ADDRESS, (url) => keep(`<${escaped(url)}>`))
    .replace(MAIL, (mail) => keep(`<mailto:${mail}|${mail}>`))
    .replace(HOST, (host) => keep(`<http://${escaped(host)}|${escaped(host)}>`))
    .replace(NAME, (whole, name: string) => {
      if (/^(channel|here|everyone)$/i.test(name)) return keep(`<!${name.toLowerCase()}>`);
      const id = people.get(name.toLowerCase())?.id;
      return id === undefined ? whole : keep(named ? `<@${id}|${name}>` : `<@${id}>`);
    })
    .replace(CHANNEL, (whole, name: string) => {
      const channel = channels.get(name);
      return channel === undefined ? whole : keep(`<#${channel.id}|${named ? name : ''}>`);
    });
  return escaped(marked).replace(/\uE000(\d+)\uE000/g, (_, index: string) => kept[Number(index)] ?? '');
}

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPED[sign] ?? sign);
