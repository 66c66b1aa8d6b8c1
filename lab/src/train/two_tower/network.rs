//! The parameters, and one step on them.

use super::batch::Batch;
use super::{Interactions, Loss, Options, Towers, init};
use burn::backend::{Autodiff, NdArray};
use burn::module::{Module, Param};
use burn::optim::adaptor::OptimizerAdaptor;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{Adam, AdamConfig, GradientsParams, Optimizer};
use burn::tensor::{Int, Tensor, TensorData, activation, backend::Backend};
use foldin::error::Result;
use foldin::visitor::Tower;
use ndarray::Array2;

/// First item vectors are this much wider than those of the other algorithms: their mean must move the user tower,
/// or tens of epochs pass before it does.
const SPREAD: f32 = 5.0;

/// Far below the gradients' own size: an interaction's share of a batch's loss is small, and burn's own 1e-5 would
/// hold back the steps of all but the most frequent items.
const EPSILON: f32 = 1e-8;

type Training = Autodiff<NdArray<f32>>;
type Matrix = Tensor<Training, 2>;

#[derive(Module, Debug)]
struct Parameters<B: Backend> {
    /// [items, dim]
    items: Param<Tensor<B, 2>>,
    /// [items, 1]
    biases: Param<Tensor<B, 2>>,
    /// [features, dim]
    content: Option<Param<Tensor<B, 2>>>,
    /// [dim + traits, hidden]
    first: Param<Tensor<B, 2>>,
    /// [1, hidden]
    first_bias: Param<Tensor<B, 2>>,
    /// [hidden, dim]
    second: Param<Tensor<B, 2>>,
    /// [1, dim]
    second_bias: Param<Tensor<B, 2>>,
}

pub(super) struct Network {
    parameters: Option<Parameters<Training>>,
    optimizer: OptimizerAdaptor<Adam, Parameters<Training>, Training>,
    /// Content features, [items, width].
    features: Option<Matrix>,
    /// [users, width]
    traits: Option<Array2<f32>>,
    loss: Loss,
}

impl Network {
    pub fn new(interactions: &Interactions, options: &Options) -> Network {
        let Options { dim, hidden, seed, side, .. } = options;
        let traits = side.users.as_ref().map(|(_, rows)| rows.clone());
        let inputs = dim + traits.as_ref().map_or(0, Array2::ncols);
        let start = |rows: usize, columns: usize, which: u64| {
            parameter(&init::factors(rows, columns, columns, seed.wrapping_add(which)))
        };
        let none = |columns: usize| parameter(&Array2::zeros((1, columns)));
        let parameters = Parameters {
            items: parameter(&(init::factors(interactions.items(), *dim, *dim, *seed) * SPREAD)),
            biases: parameter(&Array2::zeros((interactions.items(), 1))),
            content: side.items.as_ref().map(|features| start(features.ncols(), *dim, 1)),
            first: start(inputs, *hidden, 2),
            first_bias: none(*hidden),
            second: start(*hidden, *dim, 3),
            second_bias: none(*dim),
        };
        let decay = WeightDecayConfig::new(options.regularization);
        Network {
            parameters: Some(parameters),
            optimizer: AdamConfig::new().with_epsilon(EPSILON).with_weight_decay(Some(decay)).init(),
            features: side.items.as_ref().map(matrix),
            traits,
            loss: options.loss,
        }
    }

    /// One step of length `rate`; the loss an interaction before it.
    pub fn step(&mut self, batch: Batch, rate: f32) -> f64 {
        let parameters = self.parameters.take().expect("put back after every step");
        let shape = [batch.users.len(), batch.columns.len()];
        let count = batch.interactions().max(1) as f32;
        let columns: Vec<i32> = batch.columns.iter().map(|&item| item as i32).collect();
        let columns = Tensor::<Training, 1, Int>::from_data(TensorData::from(columns.as_slice()), &device());
        let items = parameters.items(&columns, self.features.as_ref());
        let biases = parameters.biases.val().select(0, columns).transpose();
        let seen = dense(batch.seen, shape).matmul(items.clone());
        let traits = self.traits.as_ref().map(|traits| {
            let rows: Vec<usize> = batch.users.iter().map(|&user| user as usize).collect();
            matrix(&traits.select(ndarray::Axis(0), &rows))
        });
        let scores = parameters.users(seen, traits).matmul(items.transpose()) + biases;
        let targets = dense(batch.targets, shape);
        let loss = match self.loss {
            Loss::Softmax => {
                let offsets = dense(batch.offsets, shape);
                (activation::log_softmax(scores + offsets, 1) * targets).sum().neg() / count
            }
            Loss::Mse => ((scores - targets).powi_scalar(2) * dense(batch.asked, shape)).sum() / count,
        };
        let value = f64::from(loss.clone().into_scalar());
        let gradients = GradientsParams::from_grads(loss.backward(), &parameters);
        self.parameters = Some(self.optimizer.step(f64::from(rate), parameters, gradients));
        value
    }

    /// What the towers make of everybody, from whole histories.
    pub fn towers(&self, interactions: &Interactions, options: &Options) -> Result<Towers> {
        let parameters = self.parameters.as_ref().expect("put back after every step");
        let all: Vec<i32> = (0..interactions.items() as i32).collect();
        let all = Tensor::<Training, 1, Int>::from_data(TensorData::from(all.as_slice()), &device());
        let items = array(parameters.items(&all, self.features.as_ref()));
        let stacked = |weights: &Param<Tensor<Training, 2>>, bias: &Param<Tensor<Training, 2>>| {
            let mut stacked = array(weights.val());
            stacked.push_row(array(bias.val()).row(0)).expect("as wide");
            stacked
        };
        let tower = Tower::new(
            stacked(&parameters.first, &parameters.first_bias),
            stacked(&parameters.second, &parameters.second_bias),
        );
        let mut users = Array2::zeros((interactions.users(), options.dim));
        for (user, mut into) in users.rows_mut().into_iter().enumerate() {
            let own = interactions.matrix.row(user).0.iter().map(|&item| items.row(item as usize).to_vec());
            let traits = self.traits.as_ref().map(|traits| traits.row(user).to_vec());
            into.assign(&ndarray::arr1(&tower.vector(own, traits.as_deref())));
        }
        Ok(Towers { biases: array(parameters.biases.val()).into_raw_vec_and_offset().0, items, users, tower })
    }
}

impl Parameters<Training> {
    /// The item tower: [columns, dim].
    fn items(&self, columns: &Tensor<Training, 1, Int>, features: Option<&Matrix>) -> Matrix {
        let own = self.items.val().select(0, columns.clone());
        match (&self.content, features) {
            (Some(content), Some(features)) => {
                own + features.clone().select(0, columns.clone()).matmul(content.val())
            }
            _ => own,
        }
    }

    /// The user tower on means of vectors [users, dim].
    fn users(&self, mean: Matrix, traits: Option<Matrix>) -> Matrix {
        let input = match traits {
            Some(traits) => Tensor::cat(vec![mean.clone(), traits], 1),
            None => mean.clone(),
        };
        let hidden = (input.matmul(self.first.val()) + self.first_bias.val()).tanh();
        mean + hidden.matmul(self.second.val()) + self.second_bias.val()
    }
}

fn device() -> burn::backend::ndarray::NdArrayDevice {
    burn::backend::ndarray::NdArrayDevice::default()
}

fn parameter(values: &Array2<f32>) -> Param<Matrix> {
    Param::from_tensor(matrix(values))
}

fn matrix(values: &Array2<f32>) -> Matrix {
    dense(values.iter().copied().collect(), [values.nrows(), values.ncols()])
}

fn dense(values: Vec<f32>, shape: [usize; 2]) -> Matrix {
    Tensor::from_data(TensorData::new(values, shape), &device())
}

fn array(matrix: Matrix) -> Array2<f32> {
    let shape = matrix.dims();
    let values = matrix.into_data().to_vec().expect("numbers of the type that they have");
    Array2::from_shape_vec((shape[0], shape[1]), values).expect("as many as the shape tells")
}
