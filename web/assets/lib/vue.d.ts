// The part of Vue 3 that this console uses. Grow it when you use more.
export type VNode = { readonly __v_isVNode: true; props: Record<string, unknown> | null };
export type Child = VNode | string | number | boolean | null | undefined | Child[];
export interface Ref<T> { value: T }
export interface ComputedRef<T> { readonly value: T }
// deno-lint-ignore no-explicit-any
export type Component = ((props: any) => Child) | { props?: string[]; setup(props: any): () => Child };
export function h(tag: string | Component, props?: Record<string, unknown> | null, children?: unknown): VNode;
export function ref<T>(v: T): Ref<T>;
// deno-lint-ignore no-explicit-any
export function ref(v: null): Ref<any>;
export function shallowRef<T>(v: T): Ref<T>;
// deno-lint-ignore no-explicit-any
export function shallowRef(v: null): Ref<any>;
export function reactive<T extends object>(o: T): T;
export function shallowReactive<T extends object>(o: T): T;
export function computed<T>(f: () => T): ComputedRef<T>;
// deno-lint-ignore no-explicit-any
export function watch(src: any, cb: (now: any, was: any) => unknown, o?: { immediate?: boolean; deep?: boolean; flush?: "pre" | "post" | "sync" }): () => void;
// deno-lint-ignore no-explicit-any
export function watchEffect(f: () => any): () => void;
export function nextTick(f?: () => void): Promise<void>;
export function onMounted(f: () => void): void;
export function onBeforeUnmount(f: () => void): void;
// deno-lint-ignore no-explicit-any
export function createApp(c: any): { mount(sel: string): void };
