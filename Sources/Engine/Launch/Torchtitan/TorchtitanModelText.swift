/// The Python text that builds a Llama of any width of torchtitan's own blocks.
enum TorchtitanModelText {
  /// Modules that the definitions use.
  static let imports = [
    "from functools import partial", "", "import torch.nn as nn",
    "from torchtitan.distributed.pipeline_parallel import pipeline_llm",
    "from torchtitan.models.common import ComplexRoPE, Embedding, Linear, RMSNorm",
    "from torchtitan.models.common.config_utils import get_attention_config, make_ffn_config, make_gqa_config",
    "from torchtitan.models.common.param_init import skip_param_init",
    "from torchtitan.models.llama3 import Llama3Model, parallelize_llama",
    "from torchtitan.models.llama3.model import Llama3TransformerBlock",
    "from torchtitan.models.llama3.state_dict_adapter import Llama3StateDictAdapter",
    "from torchtitan.protocols.model_spec import ModelSpec",
  ]

  /// The definitions: no value of a plan or a model stands in them.
  static let definitions = """
    # EDIT: the base of the rotary positions, which changes no cost.
    ROPE_THETA = 500000.0


    def _weights(std):
        return {"weight": partial(nn.init.trunc_normal_, std=std), "bias": nn.init.zeros_}


    def _norm(dim):
        return RMSNorm.Config(normalized_shape=dim, param_init={"weight": nn.init.ones_})


    def _layer(number, *, dim, n_heads, n_kv_heads, head_dim, hidden_dim, max_seq_len, qkv_bias):
        depth = _weights(0.02 / (2 * (number + 1)) ** 0.5)
        attention = make_gqa_config(
            dim=dim,
            n_heads=n_heads,
            n_kv_heads=n_kv_heads,
            head_dim=head_dim,
            wqkv_param_init=_weights(0.02),
            wo_param_init=depth,
            inner_attention=get_attention_config("flex"),
            fuse_qkv=True,
            rope=ComplexRoPE.Config(dim=head_dim, max_seq_len=max_seq_len, theta=ROPE_THETA),
        )
        attention.qkv_linear.wqkv.bias = qkv_bias
        return Llama3TransformerBlock.Config(
            attention_norm=_norm(dim),
            ffn_norm=_norm(dim),
            attention=attention,
            feed_forward=make_ffn_config(
                dim=dim, hidden_dim=hidden_dim, w1_param_init=_weights(0.02), w2w3_param_init=depth
            ),
        )


    def llama_spec(
        *, flavor, dim, n_layers, vocab_size, enable_weight_tying, converters=(), **layer
    ) -> ModelSpec:
        model = Llama3Model.Config(
            dim=dim,
            vocab_size=vocab_size,
            enable_weight_tying=enable_weight_tying,
            tok_embeddings=Embedding.Config(
                num_embeddings=vocab_size,
                embedding_dim=dim,
                param_init={
                    "weight": skip_param_init if enable_weight_tying else partial(nn.init.normal_, std=1.0)
                },
            ),
            norm=_norm(dim),
            lm_head=Linear.Config(
                in_features=dim, out_features=vocab_size, param_init=_weights(dim**-0.5)
            ),
            layers=[_layer(number, dim=dim, **layer) for number in range(n_layers)],
        )
        for converter in converters:
            model = converter.build().convert(model)
        return ModelSpec(
            name="llama3",
            flavor=flavor,
            model=model,
            parallelize_fn=parallelize_llama,
            pipelining_fn=pipeline_llm,
            post_optimizer_build_fn=None,
            state_dict_adapter=Llama3StateDictAdapter,
        )

    """
}
