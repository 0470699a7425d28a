"""Answers of our own making, each in the protocol of the provider that gives it."""

import json

import pytest

from replay import CONVERSATIONS

#: The models that ``say`` answers for: one for each way to hold a conversation.
ANSWERING = pytest.mark.parametrize(
    "model", ["chat-model", "responses-model", "anthropic-model", "gemini-model", "bedrock-model"]
)


def say(played, model, text=None, call=None):
    """Orders an answer of `model`'s provider in its own protocol: a text, or a call of a function."""
    provider, calls = model.removesuffix("-model"), [call] if call else []
    match provider:
        case "chat":
            tool_calls = [
                {"id": "call_1", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
                for name, given in calls
            ]
            message = {"role": "assistant", "content": text, **({"tool_calls": tool_calls} if calls else {})}
            finish = "tool_calls" if calls else "stop"
            body = {
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o",
                "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14},
            }
        case "responses":
            output = []
            if text:
                content = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]
                output.append({
                    "type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content,
                })
            output += [
                {
                    "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": name,
                    "arguments": json.dumps(given), "status": "completed",
                }
                for name, given in calls
            ]
            body = {
                "id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-5", "status": "completed",
                "output": output, "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "error": None,
                "incomplete_details": None, "instructions": None, "metadata": {}, "temperature": 1, "top_p": 1,
                "usage": {
                    "input_tokens": 9, "output_tokens": 5, "total_tokens": 14,
                    "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0},
                },
            }
        case "anthropic":
            content = [{"type": "text", "text": text}] if text else []
            content += [{"type": "tool_use", "id": "toolu_1", "name": name, "input": given} for name, given in calls]
            body = {
                "id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": content,
                "stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None,
                "usage": {"input_tokens": 9, "output_tokens": 5},
            }
        case "gemini":
            parts = [{"text": text}] if text else []
            parts += [{"functionCall": {"name": name, "args": given}} for name, given in calls]
            body = {
                "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}],
                "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 5, "totalTokenCount": 14},
                "modelVersion": "gemini-2.5-flash", "responseId": "r1",
            }
        case "bedrock":
            content = [{"text": text}] if text else []
            content += [{"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": given}} for name, given in calls]
            body = {
                "output": {"message": {"role": "assistant", "content": content}},
                "stopReason": "tool_use" if calls else "end_turn", "metrics": {"latencyMs": 1},
                "usage": {"inputTokens": 9, "outputTokens": 5, "totalTokens": 14},
            }
    played.next_body(CONVERSATIONS[provider][0], body)


def refuse(played, model, message):
    """Orders that `model`'s provider refuses the request as invalid."""
    provider = model.removesuffix("-model")
    openais = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    body = {
        "chat": openais, "responses": openais,
        "anthropic": {"type": "error", "error": {"type": "invalid_request_error", "message": message}},
        "gemini": {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}},
        "bedrock": {"message": message},
    }[provider]
    fields = {"x-amzn-errortype": "ValidationException"} if provider == "bedrock" else {}
    played.next_body(CONVERSATIONS[provider][0], body, status=400, headers=fields)
