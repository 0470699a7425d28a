"""The sources' words, and ours: providers, kinds, abilities, units."""
import re

GENAI = {
    "anthropic": "anthropic", "arcee": "arcee", "avian": "avian", "aws": "bedrock",
    "azure": "azure-openai", "baseten": "baseten", "cerebras": "cerebras",
    "cloudflare": "cloudflare-workers-ai", "cohere": "cohere", "databricks": "databricks",
    "deepseek": "deepseek", "doubleword": "doubleword", "elevenlabs": "elevenlabs",
    "fireworks": "fireworks", "github-copilot": "github-copilot", "google": "gemini",
    "groq": "groq", "meta": "meta", "minimax": "minimax", "mistral": "mistral", "modal": "modal",
    "moonshotai": "moonshot", "novita": "novita", "openai": "openai", "openrouter": "openrouter",
    "ovhcloud": "ovhcloud", "perplexity": "perplexity", "quicksilverpro": "quicksilverpro",
    "together": "together", "voyageai": "voyage", "x-ai": "xai", "zai": "zai", "zhipuai": "zhipu",
}
GENAI_PREFIX = {"huggingface_": "huggingface"}  # sub-provider becomes the suffix of the model id

LITELLM = {
    "abliteration": "abliteration", "ai21": "ai21", "aiand": "aiand", "aihubmix": "aihubmix",
    "aiml": "aiml", "amazon_nova": "amazon-nova", "anthropic": "anthropic",
    "assemblyai": "assemblyai", "azure": "azure-openai", "azure_ai": "azure-ai",
    "azure_text": "azure-openai", "baseten": "baseten", "bedrock": "bedrock",
    "bedrock_converse": "bedrock", "bigmodel": "zhipu", "cerebras": "cerebras",
    "cloudflare": "cloudflare-workers-ai", "codestral": "codestral", "cognition": "cognition",
    "cohere": "cohere", "cohere_chat": "cohere", "coralbricks": "coralbricks", "crusoe": "crusoe",
    "darkbloom": "darkbloom", "dashscope": "dashscope", "databricks": "databricks",
    "deepgram": "deepgram", "deepinfra": "deepinfra", "deepseek": "deepseek",
    "elevenlabs": "elevenlabs", "fal_ai": "fal", "featherless_ai": "featherless",
    "fireworks_ai": "fireworks", "fireworks_ai-embedding-models": "fireworks",
    "friendliai": "friendli", "gemini": "gemini", "gigachat": "gigachat",
    "github_copilot": "github-copilot", "gmi": "gmi", "gradient_ai": "gradient", "groq": "groq",
    "heroku": "heroku", "hostinger_router": "hostinger-router", "hyperbolic": "hyperbolic",
    "inception": "inception", "inferenceapis": "inferenceapis", "jina_ai": "jina", "kyma": "kyma",
    "lambda_ai": "lambda", "lemonade": "lemonade", "libertai": "libertai",
    "llamagate": "llamagate", "meta": "meta", "meta_llama": "meta-llama", "minimax": "minimax",
    "mistral": "mistral", "moonshot": "moonshot", "morph": "morph", "nebius": "nebius",
    "nlp_cloud": "nlp-cloud", "novita": "novita", "nscale": "nscale", "nvidia_nim": "nvidia-nim",
    "oci": "oci", "ollama": "ollama", "openai": "openai", "openinfer": "openinfer",
    "ovhcloud": "ovhcloud", "perplexity": "perplexity", "pinstripes": "pinstripes",
    "prism": "prism", "publicai": "publicai", "qwen_ai_platform": "dashscope",
    "recraft": "recraft", "refuseless": "refuseless",
    "replicate": "replicate", "sagemaker": "sagemaker", "sail": "sail", "sambanova": "sambanova",
    "sarvam": "sarvam", "scaleway": "scaleway", "scx-ai": "scx-ai", "snowflake": "snowflake",
    "stability": "stability", "streamlake": "streamlake", "tensormesh": "tensormesh",
    "text-completion-codestral": "codestral", "text-completion-inception": "inception",
    "text-completion-openai": "openai", "together_ai": "together", "v0": "v0",
    "vercel_ai_gateway": "vercel-ai-gateway", "vertex_ai-anthropic_models": "vertex-anthropic",
    "volcengine": "volcengine", "voyage": "voyage", "wandb": "wandb", "watsonx": "watsonx",
    "xai": "xai", "xiaomi_mimo": "xiaomi-mimo", "zai": "zai", "zerogpu": "zerogpu",
}
NO_PRICE = {"ollama", "lemonade"}  # a zero there says "runs on your machine"
MODES = {
    "chat": "chat", "responses": "chat", "completion": "completion", "embedding": "embedding",
    "image_generation": "image", "image_edit": "image", "audio_transcription": "transcription",
    "audio_speech": "speech", "realtime": "realtime", "rerank": "rerank",
    "moderation": "moderation", "ocr": "ocr",
}
FLAGS = [
    ("supports_function_calling", "tools"), ("supports_parallel_function_calling", "parallel_tools"),
    ("supports_tool_choice", "tool_choice"), ("supports_vision", "vision"),
    ("supports_audio_input", "audio_in"), ("supports_audio_output", "audio_out"),
    ("supports_video_input", "video_in"), ("supports_pdf_input", "pdf"),
    ("supports_reasoning", "reasoning"), ("supports_response_schema", "json_schema"),
    ("supports_prompt_caching", "prompt_cache"), ("supports_web_search", "web_search"),
    ("supports_system_messages", "system"), ("supports_computer_use", "computer_use"),
]
# genai-prices unit -> (our field, how many units the source's number is for)
UNITS = {
    "input_mtok": ("input", 6), "output_mtok": ("output", 6), "cache_read_mtok": ("cache_read", 6),
    "cache_write_mtok": ("cache_write", 6), "cache_write_1h_mtok": ("cache_write_1h", 6),
    "output_reasoning_mtok": ("reasoning", 6), "input_audio_mtok": ("audio_in", 6),
    "output_audio_mtok": ("audio_out", 6), "cache_audio_read_mtok": ("cached_audio", 6),
    "input_image_mtok": ("image_in", 6), "output_image_mtok": ("image_out", 6),
    "cache_image_read_mtok": ("cached_image", 6), "input_video_mtok": ("video_in", 6),
    "output_video_mtok": ("video_out", 6), "requests_kcount": ("per_request", 3),
    "web_searches_kcount": ("per_search", 3), "input_document_kpages": ("per_page", 3),
    "audio_hours": ("per_audio_hour", 0), "input_audio_hours": ("per_audio_hour", 0),
    "input_mchars": ("per_character", 6), "output_citation_mtok": ("citation", 6),
}
# litellm key -> our field (dollars per single unit)
TOKEN_KEYS = {
    "input_cost_per_token": "input", "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read", "cache_creation_input_token_cost": "cache_write",
    "output_cost_per_reasoning_token": "reasoning", "input_cost_per_audio_token": "audio_in",
    "output_cost_per_audio_token": "audio_out", "cache_read_input_audio_token_cost": "cached_audio",
    "input_cost_per_image_token": "image_in", "output_cost_per_image_token": "image_out",
    "cache_read_input_image_token_cost": "cached_image", "input_cost_per_video_token": "video_in",
    "output_cost_per_video_token": "video_out",
}
TOKEN_RE = re.compile(
    "^(" + "|".join(sorted(TOKEN_KEYS, key=len, reverse=True))
    + r")(_above_1hr)?(?:_above_(\d+)k_tokens)?(?:_(batches|flex|priority))?$")
FIELDS = [
    "from", "source", "date", "input", "output", "cache_read", "cache_write", "cache_write_1h",
    "reasoning", "audio_in", "audio_out", "cached_audio", "image_in", "image_out", "cached_image",
    "video_in", "video_out", "citation", "per_request", "per_image", "per_page", "per_search",
    "per_character", "per_audio_hour", "start", "end", "days", "above", "tiers", "time_of_day",
    "batch", "flex", "priority", "fast",
]
VARIANTS = {
    ("processing", "batch"): "batch", ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority", ("service_tier", "fast"): "fast",
    ("speed", "fast"): "fast",
}
REGION = re.compile(r"^(us|eu|apac|global|jp|au|ca|sa|me|us-gov|in)\.")
DATED = re.compile(r"(\d{4}-?\d{2}-?\d{2}|[-@]\d{4,8})(?=$|[-:@])")
