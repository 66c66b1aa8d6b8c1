import { createApp, h } from "vue";
import { provideRecommender, useRecommender, useShelf } from "foldin/vue";

const Shelf = {
  setup() {
    const { items, error } = useShelf({ count: 6, explain: true });
    const { record } = useRecommender();
    const entry = ({ item, title, because }) =>
      h("li", { key: item, "data-item": item }, [
        `${title} `,
        h("small", because?.[0]?.title),
        h("button", { onClick: () => void record({ item, event: "like" }) }, `Like ${title}`),
      ]);
    return () => (error.value ? h("p", { role: "alert" }, error.value.message) : h("ul", items.value.map(entry)));
  },
};

const App = {
  setup() {
    provideRecommender("/movies.safetensors", { profile: "default" });
    return () => h(Shelf);
  },
};

createApp(App).mount("#app");
