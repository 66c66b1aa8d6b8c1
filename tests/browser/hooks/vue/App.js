import { defineComponent, h, ref } from "vue";
import { provideRecommender, useRecommender, useShelf, useSimilar } from "foldin/vue";

const Shelf = defineComponent({
  props: ["name", "count", "initialItems"],
  setup(props) {
    const { items, status } = useShelf(() => ({ count: props.count, explain: true, initialItems: props.initialItems }));
    const { record } = useRecommender();
    const entry = ({ item, title }) =>
      h("li", { key: item, "data-item": item }, h("button", { onClick: () => void record({ item, event: "like" }) }, title));
    return () => h("ul", { id: props.name, "data-status": status.value }, items.value.map(entry));
  },
});

const Similar = defineComponent({
  props: ["item"],
  setup(props) {
    const { items } = useSimilar(() => props.item, { count: 2 });
    return () => h("p", { id: "similar" }, items.value.map(({ item }) => item).join());
  },
});

const Provider = defineComponent({
  setup(_, { slots }) {
    provideRecommender("/movies.safetensors", { profile: "hooks" });
    return () => slots.default();
  },
});

export const App = defineComponent({
  props: ["initialItems"],
  setup(props) {
    const [count, item] = [ref(4), ref()];
    const change = () => {
      count.value = 3;
      item.value = "50";
    };
    return () => [
      h(Provider, () => [
        h(Shelf, { name: "first", count: count.value, initialItems: props.initialItems }),
        h(Similar, { item: item.value }),
      ]),
      h(Provider, () => h(Shelf, { name: "second", count: 4 })),
      h("foldin-shelf", { src: "/movies.safetensors", count: 4, profile: "hooks" }),
      h("button", { id: "change", onClick: change }, "change"),
    ];
  },
});
