// The only place that names the Vue build.
// @ts-types="./vue.d.ts"
export {
  computed, createApp, h, nextTick, onBeforeUnmount, onMounted, reactive, ref, shallowReactive, shallowRef, watch,
  watchEffect,
} from "../../vendor/vue/vue.esm-browser.prod.js";
