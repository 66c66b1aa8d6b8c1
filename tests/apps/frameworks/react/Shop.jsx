"use client";
import { FoldinProvider, useRecommender, useShelf } from "foldin/react";
import "foldin/element";

function Shelf({ id, ...question }) {
  const { items, status } = useShelf(question);
  const { record } = useRecommender();
  return (
    <ul id={id} data-status={status}>
      {items.map(({ item, title }) => (
        <li key={item}>
          <button onClick={() => void record({ item, event: "like" })}>{title}</button>
        </li>
      ))}
    </ul>
  );
}

export function Shop({ initialItems }) {
  return (
    <FoldinProvider src="/movies.safetensors" profile="default">
      <Shelf id="mine" count={4} initialItems={initialItems} />
      <Shelf id="popular" count={3} by="popular" />
      <foldin-shelf src="/movies.safetensors" profile="default" count={5} />
    </FoldinProvider>
  );
}
