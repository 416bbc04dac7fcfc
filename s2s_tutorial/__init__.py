"""Sequence-to-sequence models and attention, plain enough to read: the book's package.

The book imports it as ``import s2s_tutorial as s2s``. Its folders are named by what is in them; a
folder imports only from those before it in the list of ``[tool.importlinter]`` (pyproject.toml).
"""

from typing import TYPE_CHECKING

from s2s_tutorial.base import moved as _moved
from s2s_tutorial.base.lazy_imports import lazy_imports

__version__ = "0.1.0"

if TYPE_CHECKING:  # read by lazy_imports: each line runs when one of its names is first asked for
    from s2s_tutorial.attention.base import Attention, masked_softmax
    from s2s_tutorial.attention.coverage import CoverageAttention
    from s2s_tutorial.attention.focus import FocusedAttention, smooth_weights, window_around
    from s2s_tutorial.attention.local import LocalAttention
    from s2s_tutorial.attention.location_aware import LocationAwareAttention
    from s2s_tutorial.attention.monotonic import MonotonicAttention
    from s2s_tutorial.attention.multi_head import (
        MultiHeadAttention,
        causal_mask,
        scaled_dot_product_attention,
    )
    from s2s_tutorial.attention.pooling import AttentionPooling, EndPooling, MeanPooling
    from s2s_tutorial.attention.scores import (
        AdditiveAttention,
        ConcatAttention,
        DotAttention,
        GeneralAttention,
        LocationAttention,
    )
    from s2s_tutorial.base.resources import resource_path
    from s2s_tutorial.corpora import (
        CorpusFileError,
        Pair,
        ParallelCorpus,
        cache_dir,
        corpus_from_torchtext,
        list_corpora,
        load_corpus,
    )
    from s2s_tutorial.figures.notebook import show_source
    from s2s_tutorial.figures.plotting import (
        mean_interval,
        plot_attention,
        plot_history,
        plot_padding,
        plot_seeds,
        plot_states,
        plot_with_interval,
    )
    from s2s_tutorial.figures.style import COLORS, use_style
    from s2s_tutorial.figures.table import Table
    from s2s_tutorial.figures.widgets import (
        AttentionExplorer,
        BatchExplorer,
        BeamTree,
        StepFigure,
        attention_orders,
        bahdanau_trace,
        encoder_decoder_trace,
        stacked_lstm_trace,
    )
    from s2s_tutorial.live.explore import LiveModel, explore
    from s2s_tutorial.live.web import WebModel, export_web, web_model
    from s2s_tutorial.machine.device import pick_device, seed_everything
    from s2s_tutorial.models.attention_decoder import AttentionDecoder, AttentionState
    from s2s_tutorial.models.bahdanau import BahdanauDecoder
    from s2s_tutorial.models.build import build_model
    from s2s_tutorial.models.classifier import Classifier, build_classifier
    from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
    from s2s_tutorial.models.coverage import CoverageDecoder
    from s2s_tutorial.models.decoder import Decoder, DecoderOutput, StepOutput
    from s2s_tutorial.models.embedding import TokenEmbedding
    from s2s_tutorial.models.encoder import Encoder, EncoderOutput
    from s2s_tutorial.models.feature_encoder import FeatureEncoder
    from s2s_tutorial.models.labeller import Labeller
    from s2s_tutorial.models.luong import LuongDecoder
    from s2s_tutorial.models.pointer_generator import (
        CopyingEncoder,
        PointerGeneratorDecoder,
        SourceOutput,
        pointer_mixture,
    )
    from s2s_tutorial.models.positions import PositionedInput, sinusoidal_positions
    from s2s_tutorial.models.presets import list_presets
    from s2s_tutorial.models.pretrained import load_embeddings
    from s2s_tutorial.models.rnn_decoder import RNNDecoder
    from s2s_tutorial.models.seq2seq import Seq2Seq
    from s2s_tutorial.models.tagger import Tagger, build_tagger
    from s2s_tutorial.models.transformer_decoder import TransformerDecoder
    from s2s_tutorial.models.transformer_encoder import TransformerEncoder
    from s2s_tutorial.models.transformer_heads import HeadWeights, attention_heads
    from s2s_tutorial.models.transformer_layers import (
        FeedForward,
        Residual,
        TransformerDecoderLayer,
        TransformerEncoderLayer,
    )
    from s2s_tutorial.questions.ask import Question, ask
    from s2s_tutorial.saving.average import average_checkpoints
    from s2s_tutorial.saving.checkpoint import (
        Checkpoint,
        CheckpointError,
        load_checkpoint,
        save_checkpoint,
    )
    from s2s_tutorial.scoring.comparison import Comparison, compare, compare_all
    from s2s_tutorial.scoring.erasure import erasure
    from s2s_tutorial.scoring.error_rate import ErrorRate, token_error_rate
    from s2s_tutorial.scoring.evaluation import Evaluation, evaluate
    from s2s_tutorial.scoring.loss import SequenceLoss, sequence_loss
    from s2s_tutorial.scoring.metrics import (
        alignment_error_rate,
        perplexity,
        sequence_accuracy,
        token_accuracy,
    )
    from s2s_tutorial.scoring.spans import F1, bracket_f1, entity_f1, match_f1
    from s2s_tutorial.scoring.text_scores import TextScore, bleu, chrf
    from s2s_tutorial.search.beam import beam_search
    from s2s_tutorial.search.corpus import decode_corpus
    from s2s_tutorial.search.coverage import coverage_penalty_term
    from s2s_tutorial.search.decoded import BeamDecoded, Decoded
    from s2s_tutorial.search.greedy import greedy_decode
    from s2s_tutorial.search.labels import predict_labels
    from s2s_tutorial.search.risk import expected_utilities, mbr_decode
    from s2s_tutorial.search.sampling import Samples, sample_decode
    from s2s_tutorial.search.sentence import SearchNode, length_penalty_factor
    from s2s_tutorial.text.batch import Batch, pad
    from s2s_tutorial.text.batches import Batches
    from s2s_tutorial.text.batching import make_batches
    from s2s_tutorial.text.subwords import SubwordTokenizer
    from s2s_tutorial.text.tags import Span, entity_list, read_entity_list, span_tags, tag_spans
    from s2s_tutorial.text.tokenizers import (
        CharacterTokenizer,
        WhitespaceTokenizer,
        WordTokenizer,
        get_tokenizer,
    )
    from s2s_tutorial.text.torchtext_adapters import torchtext_ids
    from s2s_tutorial.text.trees import Tree, bracket_spans
    from s2s_tutorial.text.vocabulary import (
        BOS,
        BOS_ID,
        EOS,
        EOS_ID,
        PAD,
        PAD_ID,
        UNK,
        UNK_ID,
        Vocabulary,
    )
    from s2s_tutorial.training.config import TrainConfig
    from s2s_tutorial.training.gradients import gradient_reach
    from s2s_tutorial.training.history import History
    from s2s_tutorial.training.loop import fit
    from s2s_tutorial.training.scheduled_sampling import Decay
    from s2s_tutorial.training.task import Task
    from s2s_tutorial.translate.page import alignment_page, save_alignment_page
    from s2s_tutorial.translate.translation import Translation
    from s2s_tutorial.translate.translator import Translator
    from s2s_tutorial.translate.unknown import replace_unknown
else:
    __getattr__, __dir__, __all__ = lazy_imports(__name__)

_moved.find_old_names()
